CREATE TABLE "unreachable" (
	"person_id" text NOT NULL,
	"platform" text NOT NULL,
	"why" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "unreachable_person_id_platform_pk" PRIMARY KEY("person_id","platform")
);
--> statement-breakpoint
ALTER TABLE "line" ADD COLUMN "closing" jsonb;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "remind_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "reminders" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "escalate_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "rungs" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "expire_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "nudged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "task_assignee" ADD COLUMN "since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "unreachable" ADD CONSTRAINT "unreachable_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_unlinked" ON "event" USING btree (("data"->>'home'),("data"->>'user')) WHERE "event"."kind" = 'account-unlinked';--> statement-breakpoint
CREATE INDEX "task_clock" ON "task" USING btree (least("remind_at", "escalate_at", "expire_at")) WHERE "task"."state" = 'open';--> statement-breakpoint
-- How a line ended stays too.
DROP TRIGGER line_final ON line;
--> statement-breakpoint
CREATE TRIGGER line_final BEFORE UPDATE ON line FOR EACH ROW
  WHEN ((OLD.approval IN ('approved', 'rejected', 'withdrawn', 'expired') AND NEW.approval <> OLD.approval) OR (NEW.open AND NOT OLD.open)
    OR (OLD.closing IS NOT NULL AND NEW.closing IS DISTINCT FROM OLD.closing))
  EXECUTE FUNCTION final_stays();
