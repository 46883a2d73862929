CREATE TABLE `blocks` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`status_before` integer NOT NULL,
	`blocked_at` integer NOT NULL,
	`blocked_by` text NOT NULL,
	`ends_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `blocks_end` ON `blocks` (`ends_at`) WHERE ends_at is not null;--> statement-breakpoint
CREATE TABLE `operator_links` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE TABLE `operators` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`granted_at` integer NOT NULL,
	`granted_by` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
