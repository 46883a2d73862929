PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_code_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`account_id` integer,
	`purpose` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`awakened_at` integer,
	`used_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_code_tokens`("token_hash", "account_id", "purpose", "created_at", "expires_at", "awakened_at", "used_at") SELECT "token_hash", "account_id", "purpose", "created_at", "expires_at", "awakened_at", "used_at" FROM `code_tokens`;--> statement-breakpoint
DROP TABLE `code_tokens`;--> statement-breakpoint
ALTER TABLE `__new_code_tokens` RENAME TO `code_tokens`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `code_tokens_account` ON `code_tokens` (`account_id`);--> statement-breakpoint
CREATE INDEX `code_tokens_expiry` ON `code_tokens` (`expires_at`);--> statement-breakpoint
ALTER TABLE `outbox` ADD `about` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `caller_known` integer DEFAULT 0 NOT NULL;