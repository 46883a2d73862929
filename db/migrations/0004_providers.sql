CREATE TABLE `ended_identities` (
	`account_id` integer NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`ended_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `issuer`, `subject`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `link_offers` (
	`challenge_id` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	FOREIGN KEY (`challenge_id`) REFERENCES `challenges`(`id`) ON UPDATE no action ON DELETE cascade
);
