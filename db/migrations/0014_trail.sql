CREATE TABLE `trail` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer,
	`sub` text,
	`address` text,
	`address_mark` text,
	`actor` text,
	`door` text,
	`browser` text,
	`network` text,
	`session_id` text,
	`request_id` text,
	`details` text,
	`seq` integer,
	`hash` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `trail_seq_unique` ON `trail` (`seq`);--> statement-breakpoint
CREATE INDEX `trail_account` ON `trail` (`account_id`,`at`);--> statement-breakpoint
CREATE INDEX `trail_at` ON `trail` (`at`);--> statement-breakpoint
CREATE INDEX `trail_kind` ON `trail` (`kind`,`at`);--> statement-breakpoint
CREATE INDEX `trail_actor` ON `trail` (`actor`,`at`) WHERE actor is not null;--> statement-breakpoint
CREATE INDEX `trail_loose` ON `trail` (`id`) WHERE seq is null;--> statement-breakpoint
CREATE TABLE `trail_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL
);
