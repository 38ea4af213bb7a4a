-- What people search by. The letters that searching compares are small ones without accents, the same in every locale of the database ("C" knows a to z only).
CREATE FUNCTION search_letters(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(written) = length(written) THEN lower(written COLLATE "C") ELSE
    translate(lower(translate(regexp_replace(normalize(written, NFD), '[\u0300-\u036f]', '', 'g'), 'I', 'i')),
      'ÆÐØÞĐĦĲŁŊŒŦƏẞΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐҒҖҚҢҮҰҺӘӨ',
      'æðøþđħĳłŋœŧəßαβγδεζηθικλμνξοπρσστυφχψωђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяґғҗқңүұһәө') END
$$;
--> statement-breakpoint
-- ASCII punctuation and line ends become spaces: what stands behind one begins a word.
CREATE FUNCTION search_parted(letters text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT translate(letters, E'!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~\n', repeat(' ', 33))
$$;
--> statement-breakpoint
-- OFFSET 0 keeps what was worked out once from being worked out again for every row.
-- What an application is found by: 1 its name, 2 its name from a later word on, 3 from anywhere else; 5 its other lines, 6 words of them.
CREATE FUNCTION application_words(search text) RETURNS TABLE (rank smallint, text text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT min(w.rank)::smallint, w.text FROM (SELECT search_letters(search) AS letters OFFSET 0) whole,
    LATERAL (SELECT split_part(letters, E'\n', 1) AS name, substr(letters, strpos(letters || E'\n', E'\n') + 1) AS more OFFSET 0) part,
    LATERAL (SELECT search_parted(name) AS parted OFFSET 0) parted,
    LATERAL (
      SELECT CASE WHEN i = 1 THEN 1
          WHEN substr(name, i - 1, 1) = ' ' OR substr(parted, i - 1, 1) = ' ' AND substr(parted, i, 1) <> ' ' THEN 2 ELSE 3 END,
        substr(name, i, 64)
      FROM generate_series(1, length(name)) i WHERE substr(name, i, 1) <> ' '
      UNION ALL SELECT 5, left(line, 64) FROM string_to_table(more, E'\n') line
      UNION ALL SELECT 6, left(word, 64) FROM string_to_table(translate(more, E'\n', ' ') || ' ' || search_parted(more), ' ') word) w(rank, text)
  WHERE w.text <> '' GROUP BY w.text
$$;
--> statement-breakpoint
-- The name with a space before it, a line end, then all words, each behind a space: whether something typed fits can be told from this alone.
-- It is worked out while a backup is restored, when no schema is looked into by itself.
CREATE FUNCTION application_letters(search text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ' ' || split_part(letters, E'\n', 1) || E'\n ' || translate(letters, E'\n', ' ') || ' ' || public.search_parted(letters)
  FROM (SELECT public.search_letters(search) AS letters OFFSET 0) l
$$;
--> statement-breakpoint
-- What a person is found by: 1 the name, 2 words of it, 3 the e-mail address, words before its @, and words of the department.
CREATE FUNCTION person_words(name text, email text, department text) RETURNS TABLE (rank smallint, text text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT min(w.rank)::smallint, left(w.text, 64)
  FROM (SELECT search_letters(left(name, 200)) AS name, search_letters(left(email, 200)) AS email, search_letters(left(department, 200)) AS department OFFSET 0) p,
    LATERAL (
      SELECT 1, p.name
      UNION ALL SELECT 2, word FROM string_to_table(search_parted(p.name), ' ') word WHERE NOT starts_with(p.name, word)
      UNION ALL SELECT 3, p.email
      UNION ALL SELECT 3, word FROM string_to_table(search_parted(split_part(p.email, '@', 1) || ' ' || p.department), ' ') word
        WHERE NOT starts_with(p.name, word) AND NOT starts_with(p.email, word)) w(rank, text)
  WHERE w.text <> '' GROUP BY left(w.text, 64)
$$;
--> statement-breakpoint
-- What is left of a word's first six letters without one of them: two words that share such a rest are a typing error apart there.
CREATE FUNCTION search_rests(word text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT DISTINCT left(start, i - 1) || substr(start, i + 1) FROM (SELECT left(word, 6) AS start) s, generate_series(1, length(start)) i
$$;
--> statement-breakpoint
CREATE TABLE "application_word" (
	"application_id" text NOT NULL,
	"rank" smallint NOT NULL,
	"text" text collate "C" NOT NULL,
	"audience" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audience" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audience_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"digest" text NOT NULL,
	"rule" jsonb NOT NULL,
	CONSTRAINT "audience_once" UNIQUE("digest")
);
--> statement-breakpoint
CREATE TABLE "person_word" (
	"person_id" text NOT NULL,
	"rank" smallint NOT NULL,
	"text" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spelling" (
	"rest" text collate "C" NOT NULL,
	"word" text collate "C" NOT NULL,
	CONSTRAINT "spelling_rest_word_pk" PRIMARY KEY("rest","word")
);
--> statement-breakpoint
DROP INDEX "person_words";--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "description" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "words" text GENERATED ALWAYS AS (application_letters(search)) STORED;--> statement-breakpoint
CREATE INDEX "application_word_ranked" ON "application_word" USING btree ("rank","text","application_id","audience");--> statement-breakpoint
CREATE INDEX "person_word_ranked" ON "person_word" USING btree ("rank","text","person_id");
--> statement-breakpoint
CREATE FUNCTION index_applications(ids text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audience (digest, rule)
    SELECT DISTINCT encode(sha256(convert_to(rule::text, 'UTF8')), 'hex'), rule
    FROM (SELECT nullif(d.content->'requestableBy', 'null') AS rule FROM application a JOIN definition d ON d.id = a.definition_id WHERE a.id = ANY (ids)) r
    WHERE rule IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO application_word (application_id, rank, text, audience)
    SELECT a.id, w.rank, w.text, coalesce(u.id, 0) FROM application a JOIN definition d ON d.id = a.definition_id
      LEFT JOIN audience u ON u.digest = encode(sha256(convert_to(nullif(d.content->'requestableBy', 'null')::text, 'UTF8')), 'hex')
      CROSS JOIN LATERAL application_words(a.search) w
    WHERE a.id = ANY (ids) ORDER BY w.rank, w.text COLLATE "C";
  -- codes with digits in them aren't misspelt words
  INSERT INTO spelling (rest, word)
    SELECT rest, word FROM (
      SELECT DISTINCT word FROM application a, string_to_table(search_parted(search_letters(a.search)), ' ') word
      WHERE a.id = ANY (ids) AND length(word) BETWEEN 3 AND 64 AND word !~ '[0-9]') w, search_rests(word) rest
    ON CONFLICT DO NOTHING;
END $$;
--> statement-breakpoint
-- The words follow the applications, whoever writes them. Words that nothing holds any more stay in `spelling`: they lead nowhere.
CREATE FUNCTION applications_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id) INTO ids FROM fresh;
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT array_agg(n.id) INTO ids FROM fresh n JOIN stale o USING (id)
      WHERE (n.search, n.definition_id) IS DISTINCT FROM (o.search, o.definition_id);
  ELSE
    SELECT array_agg(id) INTO ids FROM stale;
  END IF;
  IF ids IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM application_word WHERE application_id = ANY (ids);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM index_applications(ids);
  END IF;
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM audience u WHERE NOT EXISTS (SELECT FROM application_word w WHERE w.audience = u.id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION application_described() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.description := coalesce((SELECT d.content->>'description' FROM definition d WHERE d.id = NEW.definition_id), '');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER application_described BEFORE INSERT OR UPDATE ON application FOR EACH ROW EXECUTE FUNCTION application_described();
--> statement-breakpoint
CREATE TRIGGER application_inserted AFTER INSERT ON application REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION applications_written();
--> statement-breakpoint
CREATE TRIGGER application_updated AFTER UPDATE ON application REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION applications_written();
--> statement-breakpoint
CREATE TRIGGER application_deleted AFTER DELETE ON application REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION applications_written();
--> statement-breakpoint
CREATE FUNCTION people_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id) INTO ids FROM fresh WHERE state = 'active';
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT array_agg(n.id) INTO ids FROM fresh n JOIN stale o USING (id)
      WHERE (n.name, n.email, n.department, n.state) IS DISTINCT FROM (o.name, o.email, o.department, o.state);
  ELSE
    SELECT array_agg(id) INTO ids FROM stale;
  END IF;
  IF ids IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM person_word WHERE person_id = ANY (ids);
  END IF;
  INSERT INTO person_word (person_id, rank, text)
    SELECT x.id, w.rank, w.text FROM person x CROSS JOIN LATERAL person_words(x.name, x.email, x.department) w
    WHERE x.id = ANY (ids) AND x.state = 'active' ORDER BY w.rank, w.text COLLATE "C";
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER person_inserted AFTER INSERT ON person REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION people_written();
--> statement-breakpoint
CREATE TRIGGER person_updated AFTER UPDATE ON person REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION people_written();
--> statement-breakpoint
CREATE TRIGGER person_deleted AFTER DELETE ON person REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION people_written();
--> statement-breakpoint
INSERT INTO person_word (person_id, rank, text)
  SELECT x.id, w.rank, w.text FROM person x CROSS JOIN LATERAL person_words(x.name, x.email, x.department) w WHERE x.state = 'active' ORDER BY w.rank, w.text COLLATE "C";
--> statement-breakpoint
UPDATE application SET description = '';
--> statement-breakpoint
SELECT index_applications(array_agg(id)) FROM application HAVING count(*) > 0;
