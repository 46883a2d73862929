CREATE TABLE `address_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`old_email` text NOT NULL,
	`changed_at` integer NOT NULL,
	`sent_at` integer,
	`link_expires_at` integer,
	`undone_at` integer,
	`superseded_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `address_changes_account` ON `address_changes` (`account_id`,`changed_at`);--> statement-breakpoint
CREATE INDEX `address_changes_age` ON `address_changes` (`changed_at`);--> statement-breakpoint
CREATE TABLE `address_requests` (
	`challenge_id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`session_id` text NOT NULL,
	FOREIGN KEY (`challenge_id`) REFERENCES `challenges`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reserved_usernames` (
	`username_key` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`account_id` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reserved_usernames_account` ON `reserved_usernames` (`account_id`);--> statement-breakpoint
CREATE INDEX `reserved_usernames_expiry` ON `reserved_usernames` (`expires_at`);