CREATE TABLE "unsent_form" (
	"platform" text NOT NULL,
	"home" text NOT NULL,
	"view" text NOT NULL,
	"person_id" text NOT NULL,
	"application_id" text NOT NULL,
	"answers" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "unsent_form_platform_home_view_person_id_pk" PRIMARY KEY("platform","home","view","person_id")
);
--> statement-breakpoint
ALTER TABLE "unsent_form" ADD CONSTRAINT "unsent_form_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "unsent_form_at" ON "unsent_form" USING btree ("at");--> statement-breakpoint
CREATE INDEX "unsent_form_person" ON "unsent_form" USING btree ("person_id");