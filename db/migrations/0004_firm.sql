CREATE TABLE `ended_identities` (
	`account_id` integer NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`ended_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `issuer`, `subject`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `known_browsers` (
	`account_id` integer NOT NULL,
	`device_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `device_id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `known_browsers_last_seen` ON `known_browsers` (`last_seen_at`);--> statement-breakpoint
CREATE TABLE `known_networks` (
	`account_id` integer NOT NULL,
	`network` text NOT NULL,
	`last_seen_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `network`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `known_networks_seen` ON `known_networks` (`last_seen_at`);--> statement-breakpoint
CREATE TABLE `link_offers` (
	`challenge_id` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	FOREIGN KEY (`challenge_id`) REFERENCES `challenges`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `password_epoch` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `accounts_unverified` ON `accounts` (`created_at`) WHERE status = 0;--> statement-breakpoint
ALTER TABLE `challenges` ADD `inviter_name` text;--> statement-breakpoint
ALTER TABLE `challenges` ADD `password_hash` text;--> statement-breakpoint
CREATE INDEX `challenges_age` ON `challenges` (`purpose`,`created_at`);--> statement-breakpoint
ALTER TABLE `sessions` ADD `skipped` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `sessions_live` ON `sessions` (`account_id`,`created_at`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `sessions_ended` ON `sessions` (`ended_at`);--> statement-breakpoint
CREATE INDEX `code_tokens_expiry` ON `code_tokens` (`expires_at`);--> statement-breakpoint
CREATE INDEX `outbox_sent` ON `outbox` (`sent_at`);--> statement-breakpoint
CREATE INDEX `outbox_failed` ON `outbox` (`failed_at`);--> statement-breakpoint
CREATE INDEX `outbox_account` ON `outbox` (`account_id`);--> statement-breakpoint
CREATE INDEX `outbox_challenge` ON `outbox` (`challenge_id`);