CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`door` text,
	`browser` text,
	`network` text,
	`session_id` text,
	`request_id` text,
	`details` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `events_account` ON `events` (`account_id`,`at`);--> statement-breakpoint
CREATE INDEX `events_age` ON `events` (`at`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `deletes_at` integer;--> statement-breakpoint
CREATE INDEX `accounts_deletion` ON `accounts` (`deletes_at`) WHERE deletes_at is not null;