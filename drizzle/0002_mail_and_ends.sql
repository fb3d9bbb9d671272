CREATE TABLE `email_code` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`lookup` text NOT NULL,
	`secret_hash` text NOT NULL,
	`account_id` integer NOT NULL,
	`purpose` text NOT NULL,
	`email` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `email_code_lookup_unique` ON `email_code` (`lookup`);--> statement-breakpoint
CREATE INDEX `email_code_account` ON `email_code` (`account_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `email_code_email` ON `email_code` (`email`,`id`);--> statement-breakpoint
CREATE INDEX `email_code_created` ON `email_code` (`created_at`);--> statement-breakpoint
CREATE TABLE `outgoing_mail` (
	`id` integer PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outgoing_mail_due` ON `outgoing_mail` (`due_at`);--> statement-breakpoint
CREATE INDEX `account_organization_email` ON `account` (`email`) WHERE kind = 'organization';--> statement-breakpoint
CREATE INDEX `app_token_end` ON `app_token` (`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
CREATE INDEX `authorization_code_created` ON `authorization_code` (`created_at`);