CREATE TABLE `daily_counts` (
	`day` integer NOT NULL,
	`kind` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`day`, `kind`)
);
--> statement-breakpoint
CREATE INDEX `accounts_created` ON `accounts` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `accounts_blocked` ON `accounts` (`created_at`,`id`) WHERE status = 2;--> statement-breakpoint
CREATE INDEX `accounts_first_name` ON `accounts` (lower(first_name)) WHERE first_name <> '';--> statement-breakpoint
CREATE INDEX `accounts_last_name` ON `accounts` (lower(last_name)) WHERE last_name <> '';