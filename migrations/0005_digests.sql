CREATE TABLE "allowance" (
	"platform" text NOT NULL,
	"home" text NOT NULL,
	"place" text NOT NULL,
	"full_at" timestamp with time zone NOT NULL,
	"digest" uuid,
	"opened_at" timestamp with time zone,
	CONSTRAINT "allowance_platform_home_place_pk" PRIMARY KEY("platform","home","place")
);
--> statement-breakpoint
DROP INDEX "effect_due";--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "digest" uuid;--> statement-breakpoint
CREATE INDEX "effect_ready" ON "effect" USING btree ("priority",coalesce("leased_until", "run_at")) WHERE "effect"."state" = 'due';--> statement-breakpoint
CREATE INDEX "effect_dead" ON "effect" USING btree ("kind") WHERE "effect"."state" = 'dead';--> statement-breakpoint
CREATE INDEX "message_digest" ON "message" USING btree ("digest") WHERE "message"."digest" is not null;