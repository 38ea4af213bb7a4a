#!/bin/sh
# Run once by the postgres image, as its superuser, when the volume is empty: one role owns the tables, the other runs Latchkey and can't rewrite evidence.
set -eu
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set owner_password="$LATCHKEY_OWNER_PASSWORD" --set run_password="$LATCHKEY_PASSWORD" <<'SQL'
create role latchkey_owner login password :'owner_password';
create role latchkey login password :'run_password';
create database latchkey owner latchkey_owner;
SQL
