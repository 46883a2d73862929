CREATE TABLE "webhook_deliveries" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"webhook_id" text collate "C" NOT NULL,
	"type" text collate "C" NOT NULL,
	"subject" text collate "C",
	"at" bigint NOT NULL,
	"payload" text collate "C" NOT NULL,
	"attempts" bigint NOT NULL,
	"next_try_at" bigint NOT NULL,
	"claimed_until" bigint NOT NULL,
	"delivered_at" bigint,
	"failed_at" bigint,
	"last_status" bigint,
	"last_error" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"url" text collate "C" NOT NULL,
	"description" text collate "C" DEFAULT '' NOT NULL,
	"types" text collate "C",
	"secret" text collate "C" NOT NULL,
	"old_secret" text collate "C",
	"old_secret_ends_at" bigint,
	"created_at" bigint NOT NULL,
	"failing_since" bigint,
	"disabled_at" bigint,
	"disabled_why" text collate "C"
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("webhook_id","next_try_at") WHERE delivered_at is null and failed_at is null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_list" ON "webhook_deliveries" USING btree ("webhook_id","at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_age" ON "webhook_deliveries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "operator_links_expiry" ON "operator_links" USING btree ("expires_at");