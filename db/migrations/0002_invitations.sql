CREATE TABLE `mail_refusals` (
	`email` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `challenges` ADD `email` text;