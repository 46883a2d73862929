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
ALTER TABLE `accounts` ADD `password_epoch` integer DEFAULT 0 NOT NULL;