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
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'LK003';
END $$;
--> statement-breakpoint
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();
--> statement-breakpoint
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
--> statement-breakpoint
-- A vote is evidence too: never taken back, never turned round.
CREATE TRIGGER vote_append_only BEFORE UPDATE OR DELETE ON vote FOR EACH ROW EXECUTE FUNCTION append_only();
--> statement-breakpoint
CREATE TRIGGER vote_no_truncate BEFORE TRUNCATE ON vote FOR EACH STATEMENT EXECUTE FUNCTION append_only();
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
-- A line stays with its parties, its item and the version it was filed under: what the self-approval check leans on, and what was approved.
CREATE FUNCTION line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.requester_id, OLD.beneficiary_id, OLD.number, OLD.request_id, OLD.application_id, OLD.entitlement_id,
      OLD.application_definition, OLD.policy_definition)
     IS DISTINCT FROM
     (NEW.requester_id, NEW.beneficiary_id, NEW.number, NEW.request_id, NEW.application_id, NEW.entitlement_id,
      NEW.application_definition, NEW.policy_definition) THEN
    RAISE EXCEPTION 'parties, item and policy of a line never change' USING ERRCODE = 'LK004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER line_stays BEFORE UPDATE ON line FOR EACH ROW EXECUTE FUNCTION line_stays();
--> statement-breakpoint
-- A task stays what it is: an approval that became another kind of task would need no vote.
CREATE FUNCTION task_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.line_id, OLD.kind, OLD.step, OLD.needed) IS DISTINCT FROM (NEW.line_id, NEW.kind, NEW.step, NEW.needed) THEN
    RAISE EXCEPTION 'line and kind of a task never change' USING ERRCODE = 'LK004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER task_stays BEFORE UPDATE ON task FOR EACH ROW EXECUTE FUNCTION task_stays();
--> statement-breakpoint
-- A final state never reopens, whoever asks.
CREATE FUNCTION final_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a final state of % never reopens', TG_TABLE_NAME USING ERRCODE = 'LK005';
END $$;
--> statement-breakpoint
CREATE TRIGGER line_final BEFORE UPDATE ON line FOR EACH ROW
  WHEN ((OLD.approval IN ('approved', 'rejected', 'withdrawn', 'expired') AND NEW.approval <> OLD.approval) OR (NEW.open AND NOT OLD.open))
  EXECUTE FUNCTION final_stays();
--> statement-breakpoint
CREATE TRIGGER task_final BEFORE UPDATE ON task FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION final_stays();
--> statement-breakpoint
CREATE TRIGGER order_final BEFORE UPDATE ON "order" FOR EACH ROW
  WHEN ((OLD.state IN ('verified', 'inactive', 'cancelled') AND NEW.state <> OLD.state)
    OR (OLD.state = 'executed' AND NEW.state NOT IN ('executed', 'verified')))
  EXECUTE FUNCTION final_stays();
--> statement-breakpoint
CREATE TRIGGER assignment_final BEFORE UPDATE ON assignment FOR EACH ROW WHEN (OLD.state = 'ended' AND NEW.state <> 'ended') EXECUTE FUNCTION final_stays();
--> statement-breakpoint
-- An approval counts its voices here too. After the statement, because the last vote is written in the same one.
CREATE FUNCTION task_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM vote v WHERE v.task_id = NEW.id AND v.vote = 'approved') < NEW.needed THEN
    RAISE EXCEPTION 'too few approvals for task %', NEW.id USING ERRCODE = 'LK006';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER task_quorum AFTER INSERT OR UPDATE ON task FOR EACH ROW
  WHEN (NEW.kind = 'approval' AND NEW.state = 'done' AND NEW.outcome = 'approved') EXECUTE FUNCTION task_quorum();
