CREATE TABLE "address_changes" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"old_email" text collate "C" NOT NULL,
	"changed_at" bigint NOT NULL,
	"sent_at" bigint,
	"link_expires_at" bigint,
	"undone_at" bigint,
	"superseded_at" bigint
);
--> statement-breakpoint
CREATE TABLE "address_requests" (
	"challenge_id" text collate "C" PRIMARY KEY NOT NULL,
	"email" text collate "C" NOT NULL,
	"session_id" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reserved_usernames" (
	"username_key" text collate "C" PRIMARY KEY NOT NULL,
	"username" text collate "C" NOT NULL,
	"account_id" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "address_changes" ADD CONSTRAINT "address_changes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "address_requests" ADD CONSTRAINT "address_requests_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reserved_usernames" ADD CONSTRAINT "reserved_usernames_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "address_changes_account" ON "address_changes" USING btree ("account_id","changed_at");--> statement-breakpoint
CREATE INDEX "address_changes_age" ON "address_changes" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "reserved_usernames_account" ON "reserved_usernames" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "reserved_usernames_expiry" ON "reserved_usernames" USING btree ("expires_at");