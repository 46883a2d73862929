CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`email` text NOT NULL,
	`inviter_name` text,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	`link_expires_at` integer,
	`accepted_at` integer,
	`superseded_at` integer,
	`withdrawn_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `invitations_account` ON `invitations` (`account_id`,`email`,`created_at`);--> statement-breakpoint
CREATE INDEX `invitations_age` ON `invitations` (`created_at`);--> statement-breakpoint
ALTER TABLE `outbox` ADD `invitation_id` text REFERENCES invitations(id) ON DELETE cascade;--> statement-breakpoint
CREATE INDEX `outbox_invitation` ON `outbox` (`invitation_id`);--> statement-breakpoint
-- Invitations were challenges, and one mark stood for two ends: while the newest to an address has it, its sender took all
-- of them back; else a newer one took its place. The ids stay, since mailed links name them.
INSERT INTO `invitations` (`id`, `account_id`, `email`, `inviter_name`, `created_at`, `sent_at`, `link_expires_at`, `accepted_at`, `superseded_at`, `withdrawn_at`)
SELECT `id`, `account_id`, `email`, `inviter_name`, `created_at`, `sent_at`, `link_expires_at`, `used_at`,
	CASE WHEN EXISTS (SELECT 1 FROM `challenges` AS `newer` WHERE `newer`.`account_id` = `old`.`account_id` AND `newer`.`purpose` = 'invite'
		AND `newer`.`email` = `old`.`email` AND `newer`.`created_at` > `old`.`created_at`) THEN `superseded_at` END,
	CASE WHEN `superseded_at` IS NOT NULL THEN (SELECT `newest`.`superseded_at` FROM `challenges` AS `newest` WHERE `newest`.`account_id` = `old`.`account_id`
		AND `newest`.`purpose` = 'invite' AND `newest`.`email` = `old`.`email` ORDER BY `newest`.`created_at` DESC LIMIT 1) END
FROM `challenges` AS `old` WHERE `purpose` = 'invite' AND `email` IS NOT NULL;--> statement-breakpoint
UPDATE `outbox` SET `invitation_id` = `challenge_id`, `challenge_id` = NULL WHERE `challenge_id` IN (SELECT `id` FROM `invitations`);--> statement-breakpoint
DELETE FROM `challenges` WHERE `purpose` = 'invite';--> statement-breakpoint
DROP INDEX `challenges_age`;--> statement-breakpoint
CREATE INDEX `challenges_age` ON `challenges` (`created_at`);--> statement-breakpoint
-- Column by column: to make the table anew would take with it all that hangs on its rows.
ALTER TABLE `challenges` DROP COLUMN `email`;--> statement-breakpoint
ALTER TABLE `challenges` DROP COLUMN `inviter_name`;