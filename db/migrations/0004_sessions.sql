ALTER TABLE `sessions` ADD `skipped` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `sessions_live` ON `sessions` (`account_id`,`created_at`) WHERE ended_at is null;