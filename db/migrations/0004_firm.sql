CREATE TABLE `known_networks` (
	`account_id` integer NOT NULL,
	`network` text NOT NULL,
	`last_seen_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `network`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `known_networks_seen` ON `known_networks` (`last_seen_at`);--> statement-breakpoint
ALTER TABLE `challenges` ADD `inviter_name` text;