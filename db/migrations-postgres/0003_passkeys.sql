CREATE TABLE "ceremonies" (
	"challenge" text collate "C" PRIMARY KEY NOT NULL,
	"purpose" text collate "C" NOT NULL,
	"browser_hash" text collate "C" NOT NULL,
	"session_id" text collate "C",
	"user_handle" text collate "C",
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"user_handle" text collate "C" NOT NULL,
	"public_key" text collate "C" NOT NULL,
	"sign_count" bigint NOT NULL,
	"transports" text collate "C" NOT NULL,
	"aaguid" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"ended_at" bigint
);
--> statement-breakpoint
ALTER TABLE "sign_ups" ADD COLUMN "passkey_id" text collate "C";--> statement-breakpoint
ALTER TABLE "sign_ups" ADD COLUMN "passkey" text collate "C";--> statement-breakpoint
ALTER TABLE "ceremonies" ADD CONSTRAINT "ceremonies_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ceremonies_expiry" ON "ceremonies" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "ceremonies_session" ON "ceremonies" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "passkeys_account" ON "passkeys" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "sign_ups_passkey" ON "sign_ups" USING btree ("passkey_id") WHERE passkey_id is not null;