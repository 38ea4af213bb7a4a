CREATE SEQUENCE "public"."line_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "account" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" text NOT NULL,
	"login" text NOT NULL,
	"person_id" text NOT NULL,
	"attributes" jsonb NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "application" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"search" text NOT NULL,
	"definition_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "assignment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"application_id" text NOT NULL,
	"entitlement_id" text,
	"line_id" uuid NOT NULL,
	"state" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "chat_account" (
	"id" uuid PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"home" text NOT NULL,
	"user" text NOT NULL,
	"person_id" text NOT NULL,
	"because" text NOT NULL,
	"linked_at" timestamp with time zone NOT NULL,
	"home_opened_at" timestamp with time zone,
	"proved_at" timestamp with time zone,
	CONSTRAINT "chat_account_login" UNIQUE("platform","home","user")
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"ahead" interval NOT NULL,
	CONSTRAINT "clock_one" CHECK ("clock"."one")
);
--> statement-breakpoint
CREATE TABLE "configuration" (
	"version" integer PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"settings" jsonb NOT NULL,
	"applied_at" timestamp with time zone NOT NULL,
	"applied_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "definition" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "definition_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"digest" text NOT NULL,
	"content" jsonb NOT NULL,
	"since" integer NOT NULL,
	"until" integer
);
--> statement-breakpoint
CREATE TABLE "effect" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "effect_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"priority" integer NOT NULL,
	"subject" text NOT NULL,
	"body" jsonb NOT NULL,
	"state" text DEFAULT 'due' NOT NULL,
	"run_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp with time zone,
	"lease" uuid,
	"why" text,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "event" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "event_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"actor_id" text,
	"on_behalf_of" text,
	"request_id" uuid,
	"line_id" uuid,
	"task_id" uuid,
	"order_id" uuid,
	"life" text,
	"from_state" text,
	"to_state" text,
	"data" jsonb NOT NULL,
	"seen" jsonb
);
--> statement-breakpoint
CREATE TABLE "group" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"calendar" text,
	"slack_channel" text,
	"notify" text
);
--> statement-breakpoint
CREATE TABLE "inbound" (
	"key" text PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "line" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"request_id" uuid NOT NULL,
	"requester_id" text NOT NULL,
	"beneficiary_id" text NOT NULL,
	"application_id" text NOT NULL,
	"entitlement_id" text,
	"application_definition" bigint NOT NULL,
	"policy_definition" bigint NOT NULL,
	"justification" text NOT NULL,
	"values" jsonb NOT NULL,
	"until" jsonb,
	"approval" text NOT NULL,
	"step" integer NOT NULL,
	"open" boolean NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "line_number_once" UNIQUE("number"),
	CONSTRAINT "line_and_parties" UNIQUE("id","requester_id","beneficiary_id"),
	CONSTRAINT "line_approval" CHECK ("line"."approval" in ('draft', 'pending', 'approved', 'rejected', 'withdrawn', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "member" (
	"group_id" text NOT NULL,
	"person_id" text NOT NULL,
	CONSTRAINT "member_group_id_person_id_pk" PRIMARY KEY("group_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"platform" text NOT NULL,
	"home" text NOT NULL,
	"place" text NOT NULL,
	"conversation" text,
	"message" text,
	"drawn" text,
	"state" text NOT NULL,
	"why" text,
	"leased_until" timestamp with time zone,
	"lease" uuid,
	"posted_at" timestamp with time zone,
	CONSTRAINT "message_place" UNIQUE("subject","platform","home","place")
);
--> statement-breakpoint
CREATE TABLE "order" (
	"id" uuid PRIMARY KEY NOT NULL,
	"line_id" uuid NOT NULL,
	"operation" text NOT NULL,
	"state" text NOT NULL,
	"account_id" uuid,
	"login" text NOT NULL,
	"attributes" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"transmitted_at" timestamp with time zone,
	"executed_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "order_line" UNIQUE("line_id"),
	CONSTRAINT "order_state" CHECK ("order"."state" in ('awaiting-review', 'scheduled', 'pending', 'transmitted', 'executed', 'verified', 'errored', 'inactive', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"manager_id" text,
	"department" text NOT NULL,
	"title" text NOT NULL,
	"location" text NOT NULL,
	"time_zone" text NOT NULL,
	"calendar" text,
	"state" text NOT NULL,
	"start_date" date,
	"end_date" date,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "person_state" CHECK ("person"."state" in ('future', 'active', 'leave', 'left'))
);
--> statement-breakpoint
CREATE TABLE "request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"requester_id" text NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"configuration_version" integer NOT NULL,
	CONSTRAINT "request_and_requester" UNIQUE("id","requester_id")
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" uuid PRIMARY KEY NOT NULL,
	"line_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"step" integer,
	"needed" integer NOT NULL,
	"claimed_by" text,
	"claimed_at" timestamp with time zone,
	"face" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	"approver_id" text,
	CONSTRAINT "task_and_line" UNIQUE("id","line_id"),
	CONSTRAINT "task_state" CHECK ("task"."state" in ('open', 'done', 'closed')),
	CONSTRAINT "task_decided" CHECK (("task"."state" = 'done') = ("task"."outcome" is not null and "task"."decided_by" is not null and "task"."decided_at" is not null)),
	CONSTRAINT "task_approver" CHECK ("task"."kind" <> 'approval' or "task"."state" <> 'done' or "task"."approver_id" is not distinct from "task"."decided_by")
);
--> statement-breakpoint
CREATE TABLE "task_assignee" (
	"task_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"person_id" text,
	"group_id" text,
	"because" text NOT NULL,
	CONSTRAINT "task_assignee_task_id_position_pk" PRIMARY KEY("task_id","position"),
	CONSTRAINT "task_assignee_one" CHECK (("task_assignee"."person_id" is null) <> ("task_assignee"."group_id" is null))
);
--> statement-breakpoint
CREATE TABLE "vote" (
	"task_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"line_id" uuid NOT NULL,
	"requester_id" text NOT NULL,
	"beneficiary_id" text NOT NULL,
	"vote" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "vote_task_id_person_id_pk" PRIMARY KEY("task_id","person_id"),
	CONSTRAINT "vote_and_word" UNIQUE("task_id","person_id","vote"),
	CONSTRAINT "vote_not_own_request" CHECK ("vote"."person_id" <> "vote"."requester_id" and "vote"."person_id" <> "vote"."beneficiary_id"),
	CONSTRAINT "vote_vote" CHECK ("vote"."vote" in ('approved', 'rejected'))
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_definition_id_definition_id_fk" FOREIGN KEY ("definition_id") REFERENCES "public"."definition"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_line_id_line_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."line"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_account" ADD CONSTRAINT "chat_account_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line" ADD CONSTRAINT "line_beneficiary_id_person_id_fk" FOREIGN KEY ("beneficiary_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line" ADD CONSTRAINT "line_application_definition_definition_id_fk" FOREIGN KEY ("application_definition") REFERENCES "public"."definition"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line" ADD CONSTRAINT "line_policy_definition_definition_id_fk" FOREIGN KEY ("policy_definition") REFERENCES "public"."definition"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line" ADD CONSTRAINT "line_request" FOREIGN KEY ("request_id","requester_id") REFERENCES "public"."request"("id","requester_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_group_id_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."group"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order" ADD CONSTRAINT "order_line_id_line_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."line"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order" ADD CONSTRAINT "order_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_requester_id_person_id_fk" FOREIGN KEY ("requester_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_configuration_version_configuration_version_fk" FOREIGN KEY ("configuration_version") REFERENCES "public"."configuration"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_line_id_line_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."line"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_claimed_by_person_id_fk" FOREIGN KEY ("claimed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_decided_by_person_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_approver_voted" FOREIGN KEY ("id","approver_id","outcome") REFERENCES "public"."vote"("task_id","person_id","vote") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_task_id_task_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."task"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_assignee" ADD CONSTRAINT "task_assignee_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vote" ADD CONSTRAINT "vote_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vote" ADD CONSTRAINT "vote_task" FOREIGN KEY ("task_id","line_id") REFERENCES "public"."task"("id","line_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vote" ADD CONSTRAINT "vote_parties" FOREIGN KEY ("line_id","requester_id","beneficiary_id") REFERENCES "public"."line"("id","requester_id","beneficiary_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_login" ON "account" USING btree ("application_id",lower("login")) WHERE "account"."state" = 'active';--> statement-breakpoint
CREATE INDEX "account_person" ON "account" USING btree ("person_id","application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "assignment_held_once" ON "assignment" USING btree ("account_id",coalesce("entitlement_id", '')) WHERE "assignment"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "assignment_person" ON "assignment" USING btree ("person_id","application_id");--> statement-breakpoint
CREATE INDEX "assignment_line" ON "assignment" USING btree ("line_id");--> statement-breakpoint
CREATE INDEX "chat_account_person" ON "chat_account" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "definition_current" ON "definition" USING btree ("kind","key") WHERE "definition"."until" is null;--> statement-breakpoint
CREATE INDEX "effect_due" ON "effect" USING btree ("priority","id") WHERE "effect"."state" = 'due';--> statement-breakpoint
CREATE INDEX "effect_subject" ON "effect" USING btree ("subject") WHERE "effect"."state" = 'due';--> statement-breakpoint
CREATE INDEX "effect_done" ON "effect" USING btree ("done_at") WHERE "effect"."state" = 'done';--> statement-breakpoint
CREATE INDEX "event_line" ON "event" USING btree ("line_id","seq");--> statement-breakpoint
CREATE INDEX "event_denied" ON "event" USING btree ("actor_id","at") WHERE "event"."kind" = 'refused';--> statement-breakpoint
CREATE INDEX "inbound_at" ON "inbound" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "line_open_once" ON "line" USING btree ("beneficiary_id","application_id",coalesce("entitlement_id", '')) WHERE "line"."open";--> statement-breakpoint
CREATE INDEX "line_request_lines" ON "line" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "line_beneficiary" ON "line" USING btree ("beneficiary_id","application_id");--> statement-breakpoint
CREATE INDEX "line_requester" ON "line" USING btree ("requester_id","submitted_at");--> statement-breakpoint
CREATE INDEX "member_person" ON "member" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_email" ON "person" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "person_manager" ON "person" USING btree ("manager_id");--> statement-breakpoint
CREATE INDEX "request_requester" ON "request" USING btree ("requester_id","submitted_at");--> statement-breakpoint
CREATE INDEX "task_line" ON "task" USING btree ("line_id");--> statement-breakpoint
CREATE INDEX "task_open" ON "task" USING btree ("opened_at") WHERE "task"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "task_open_once" ON "task" USING btree ("line_id") WHERE "task"."state" = 'open';--> statement-breakpoint
CREATE INDEX "task_assignee_person" ON "task_assignee" USING btree ("person_id") WHERE "task_assignee"."person_id" is not null;--> statement-breakpoint
CREATE INDEX "task_assignee_group" ON "task_assignee" USING btree ("group_id") WHERE "task_assignee"."group_id" is not null;