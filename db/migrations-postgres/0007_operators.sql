CREATE TABLE "blocks" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"reason" text collate "C" NOT NULL,
	"status_before" bigint NOT NULL,
	"blocked_at" bigint NOT NULL,
	"blocked_by" text collate "C" NOT NULL,
	"ends_at" bigint
);
--> statement-breakpoint
CREATE TABLE "operator_links" (
	"token_hash" text collate "C" PRIMARY KEY NOT NULL,
	"role" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "operators" (
	"account_id" bigint PRIMARY KEY NOT NULL,
	"role" text collate "C" NOT NULL,
	"granted_at" bigint NOT NULL,
	"granted_by" text collate "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operators" ADD CONSTRAINT "operators_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "blocks_end" ON "blocks" USING btree ("ends_at") WHERE ends_at is not null;