-- What drizzle can't say: the clock, the guard of the commit statement, and what the database refuses by itself.

-- The database's clock, plus what a playground or a test has moved it ahead.
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT now() + coalesce((SELECT ahead FROM clock), interval '0')
$$;
--> statement-breakpoint
-- A real installation's clock is never moved.
CREATE FUNCTION clock_only_in_playground() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM installation WHERE mark = 'real') THEN
    RAISE EXCEPTION 'the clock of a real installation is not moved' USING ERRCODE = 'LK002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER clock_only_in_playground BEFORE INSERT OR UPDATE ON clock FOR EACH ROW EXECUTE FUNCTION clock_only_in_playground();
--> statement-breakpoint
-- Stands in the final select of a commit: a guard that finds no row raises, so that all of the statement is undone.
CREATE FUNCTION demand(met boolean, guard text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF met IS NOT TRUE THEN
    RAISE EXCEPTION 'commit refused: %', guard USING ERRCODE = 'LK001', CONSTRAINT = guard;
  END IF;
  RETURN true;
END $$;
--> statement-breakpoint
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'LK003';
END $$;
--> statement-breakpoint
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();
--> statement-breakpoint
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
--> statement-breakpoint
-- What somebody holds can't be asked for again. A trigger, because it has to look with a snapshot younger than the statement's:
-- the confirmation that started the assignment may have been committed while the insert waited at the unique index of open lines.
CREATE FUNCTION line_not_held() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NEW.open AND EXISTS (
    SELECT FROM assignment a
    WHERE a.person_id = NEW.beneficiary_id AND a.application_id = NEW.application_id AND a.state <> 'ended'
      AND coalesce(a.entitlement_id, '') = coalesce(NEW.entitlement_id, '')
  ) THEN
    RAISE EXCEPTION 'already held' USING ERRCODE = '23505', CONSTRAINT = 'line_not_held';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER line_not_held AFTER INSERT ON line FOR EACH ROW EXECUTE FUNCTION line_not_held();
--> statement-breakpoint
-- An account stays with its owner, and a line with its parties: what the self-approval check leans on.
CREATE FUNCTION parties_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.requester_id, OLD.beneficiary_id, OLD.number, OLD.request_id, OLD.policy_definition)
     IS DISTINCT FROM (NEW.requester_id, NEW.beneficiary_id, NEW.number, NEW.request_id, NEW.policy_definition) THEN
    RAISE EXCEPTION 'requester, beneficiary and policy of a line never change' USING ERRCODE = 'LK004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER line_parties_stay BEFORE UPDATE ON line FOR EACH ROW EXECUTE FUNCTION parties_stay();
--> statement-breakpoint
-- A final state never reopens, whoever asks.
CREATE FUNCTION line_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.approval IN ('approved', 'rejected', 'withdrawn', 'expired') AND NEW.approval <> OLD.approval THEN
    RAISE EXCEPTION 'a final state never reopens' USING ERRCODE = 'LK005';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER line_final BEFORE UPDATE OF approval ON line FOR EACH ROW EXECUTE FUNCTION line_final();
--> statement-breakpoint
CREATE FUNCTION task_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'open' THEN
    RAISE EXCEPTION 'a final state never reopens' USING ERRCODE = 'LK005';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER task_final BEFORE UPDATE ON task FOR EACH ROW EXECUTE FUNCTION task_final();
