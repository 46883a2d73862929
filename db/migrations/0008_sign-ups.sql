CREATE TABLE `sign_ups` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`password_hash` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sign_ups_account` ON `sign_ups` (`account_id`);--> statement-breakpoint
CREATE INDEX `sign_ups_age` ON `sign_ups` (`created_at`);--> statement-breakpoint
ALTER TABLE `challenges` ADD `sign_up_id` text REFERENCES sign_ups(id);--> statement-breakpoint
CREATE INDEX `challenges_sign_up` ON `challenges` (`sign_up_id`) WHERE sign_up_id is not null;--> statement-breakpoint
-- Each sign-up brought a hash of its own, salted: so it tells one sign-up's challenges from another's.
INSERT INTO `sign_ups` (`id`, `account_id`, `password_hash`, `created_at`)
SELECT min(`id`), `account_id`, `password_hash`, min(`created_at`) FROM `challenges`
WHERE `password_hash` IS NOT NULL GROUP BY `account_id`, `password_hash`;--> statement-breakpoint
UPDATE `challenges` SET `sign_up_id` = (
	SELECT `s`.`id` FROM `sign_ups` `s`
	WHERE `s`.`account_id` = `challenges`.`account_id` AND `s`.`password_hash` = `challenges`.`password_hash`
) WHERE `password_hash` IS NOT NULL;--> statement-breakpoint
-- Only what may still be taken over keeps its hash.
UPDATE `sign_ups` SET `password_hash` = NULL WHERE NOT EXISTS (
	SELECT 1 FROM `challenges` `c` JOIN `accounts` `a` ON `a`.`id` = `c`.`account_id`
	WHERE `c`.`account_id` = `sign_ups`.`account_id` AND `c`.`sign_up_id` = `sign_ups`.`id`
	AND `a`.`status` = 0 AND `c`.`used_at` IS NULL AND `c`.`superseded_at` IS NULL
);--> statement-breakpoint
ALTER TABLE `challenges` DROP COLUMN `password_hash`;