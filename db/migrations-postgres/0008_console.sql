CREATE TABLE "daily_counts" (
	"day" bigint NOT NULL,
	"kind" text collate "C" NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "daily_counts_day_kind_pk" PRIMARY KEY("day","kind")
);
--> statement-breakpoint
CREATE INDEX "accounts_created" ON "accounts" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "accounts_blocked" ON "accounts" USING btree ("created_at","id") WHERE status = 2;--> statement-breakpoint
CREATE INDEX "accounts_first_name" ON "accounts" USING btree (lower(first_name)) WHERE first_name <> '';--> statement-breakpoint
CREATE INDEX "accounts_last_name" ON "accounts" USING btree (lower(last_name)) WHERE last_name <> '';