CREATE TABLE `blob` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`digest` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`storage_key` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `blob_digest_unique` ON `blob` (`digest`);--> statement-breakpoint
CREATE TABLE `repository_blob` (
	`repository_id` integer NOT NULL,
	`blob_id` integer NOT NULL,
	`linked_at` integer NOT NULL,
	PRIMARY KEY(`repository_id`, `blob_id`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`blob_id`) REFERENCES `blob`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `repository_blob_blob` ON `repository_blob` (`blob_id`);--> statement-breakpoint
CREATE TABLE `upload` (
	`id` text PRIMARY KEY NOT NULL,
	`repository_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`storage_key` text NOT NULL,
	`multipart_id` text,
	`parts` text NOT NULL,
	`offset_bytes` integer DEFAULT 0 NOT NULL,
	`tail_bytes` integer DEFAULT 0 NOT NULL,
	`tail_key` text,
	`hash_state` text,
	`version` integer DEFAULT 0 NOT NULL,
	`started_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `upload_updated` ON `upload` (`updated_at`);--> statement-breakpoint
CREATE INDEX `upload_repository` ON `upload` (`repository_id`);--> statement-breakpoint
CREATE TABLE `event` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`namespace_id` integer,
	`repository_id` integer,
	`performer_id` integer,
	`ip` text,
	`at` integer NOT NULL,
	`metadata` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `event_namespace` ON `event` (`namespace_id`,`at`);--> statement-breakpoint
CREATE INDEX `event_repository` ON `event` (`repository_id`,`at`);--> statement-breakpoint
CREATE INDEX `event_performer` ON `event` (`performer_id`,`at`);--> statement-breakpoint
CREATE INDEX `event_at` ON `event` (`at`);--> statement-breakpoint
CREATE TABLE `default_grant` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`organization_id` integer NOT NULL,
	`activating_account_id` integer,
	`delegate_account_id` integer,
	`delegate_team_id` integer,
	`role` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`activating_account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegate_account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`delegate_team_id`) REFERENCES `team`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `default_grant_uuid_unique` ON `default_grant` (`uuid`);--> statement-breakpoint
CREATE INDEX `default_grant_organization` ON `default_grant` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `default_grant_team` ON `default_grant` (`delegate_team_id`);--> statement-breakpoint
CREATE INDEX `default_grant_account` ON `default_grant` (`delegate_account_id`);--> statement-breakpoint
CREATE INDEX `default_grant_activating` ON `default_grant` (`activating_account_id`);--> statement-breakpoint
CREATE TABLE `repository_grant` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`account_id` integer,
	`team_id` integer,
	`role` integer NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`team_id`) REFERENCES `team`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `repository_grant_account` ON `repository_grant` (`repository_id`,`account_id`) WHERE account_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `repository_grant_team` ON `repository_grant` (`repository_id`,`team_id`) WHERE team_id is not null;--> statement-breakpoint
CREATE INDEX `repository_grant_of_account` ON `repository_grant` (`account_id`,`repository_id`) WHERE account_id is not null;--> statement-breakpoint
CREATE INDEX `repository_grant_of_team` ON `repository_grant` (`team_id`,`repository_id`) WHERE team_id is not null;--> statement-breakpoint
CREATE TABLE `garbage` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`storage_key` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job` (
	`name` text PRIMARY KEY NOT NULL,
	`leased_until` integer NOT NULL,
	`cursor` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `manifest` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`digest` text NOT NULL,
	`media_type` text NOT NULL,
	`artifact_type` text,
	`schema_version` integer NOT NULL,
	`content` text,
	`content_key` text,
	`size_bytes` integer NOT NULL,
	`is_index` integer NOT NULL,
	`config_digest` text,
	`config_media_type` text,
	`config_size_bytes` integer,
	`layers_size_bytes` integer,
	`content_size_bytes` integer NOT NULL,
	`children` text,
	`subject_digest` text,
	`annotations` text,
	`expires_after_seconds` integer,
	`immutable_label` integer DEFAULT false NOT NULL,
	`pull_count` integer DEFAULT 0 NOT NULL,
	`last_pulled_at` integer,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `manifest_digest` ON `manifest` (`repository_id`,`digest`);--> statement-breakpoint
CREATE INDEX `manifest_subject` ON `manifest` (`repository_id`,`subject_digest`,`id`);--> statement-breakpoint
CREATE TABLE `manifest_blob` (
	`manifest_id` integer NOT NULL,
	`blob_id` integer NOT NULL,
	`repository_id` integer NOT NULL,
	PRIMARY KEY(`manifest_id`, `blob_id`),
	FOREIGN KEY (`manifest_id`) REFERENCES `manifest`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`blob_id`) REFERENCES `blob`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `manifest_blob_blob` ON `manifest_blob` (`blob_id`,`repository_id`);--> statement-breakpoint
CREATE TABLE `manifest_child` (
	`parent_id` integer NOT NULL,
	`repository_id` integer NOT NULL,
	`child_digest` text NOT NULL,
	PRIMARY KEY(`parent_id`, `child_digest`),
	FOREIGN KEY (`parent_id`) REFERENCES `manifest`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `manifest_child_digest` ON `manifest_child` (`repository_id`,`child_digest`);--> statement-breakpoint
CREATE TABLE `manifest_label` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`manifest_id` integer NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`source_type` text NOT NULL,
	`media_type` text NOT NULL,
	FOREIGN KEY (`manifest_id`) REFERENCES `manifest`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `manifest_label_uuid_unique` ON `manifest_label` (`uuid`);--> statement-breakpoint
CREATE INDEX `manifest_label_manifest` ON `manifest_label` (`manifest_id`,`id`);--> statement-breakpoint
CREATE TABLE `global_message` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`content` text NOT NULL,
	`severity` text NOT NULL,
	`media_type` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `global_message_uuid_unique` ON `global_message` (`uuid`);--> statement-breakpoint
CREATE TABLE `account` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`kind` text NOT NULL,
	`username` text NOT NULL,
	`email` text NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`verified` integer DEFAULT false NOT NULL,
	`password_hash` text,
	`failed_logins` integer DEFAULT 0 NOT NULL,
	`failed_login_at` integer,
	`tag_expiration_seconds` integer NOT NULL,
	`invoice_email` integer DEFAULT false NOT NULL,
	`invoice_email_address` text,
	`given_name` text,
	`family_name` text,
	`company` text,
	`location` text,
	`owner_id` integer,
	`encrypted_token` text,
	`description` text DEFAULT '' NOT NULL,
	`metadata` text,
	`federation` text,
	`created_at` integer NOT NULL,
	`last_accessed_at` integer,
	`deleted_name` text,
	`swr_id` text NOT NULL,
	`swr_creator_id` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_uuid_unique` ON `account` (`uuid`);--> statement-breakpoint
CREATE UNIQUE INDEX `account_username_unique` ON `account` (`username`);--> statement-breakpoint
CREATE UNIQUE INDEX `account_email` ON `account` (`email`) WHERE kind = 'user';--> statement-breakpoint
CREATE UNIQUE INDEX `account_deleted_name` ON `account` (`deleted_name`) WHERE deleted_name is not null;--> statement-breakpoint
CREATE INDEX `account_owner` ON `account` (`owner_id`) WHERE owner_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `account_swr_id` ON `account` (`swr_id`);--> statement-breakpoint
CREATE INDEX `account_kind` ON `account` (`kind`,`id`);--> statement-breakpoint
CREATE TABLE `account_notice` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`account_id` integer NOT NULL,
	`kind` text NOT NULL,
	`metadata` text NOT NULL,
	`dismissed` integer DEFAULT false NOT NULL,
	`lookup_path` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_notice_uuid_unique` ON `account_notice` (`uuid`);--> statement-breakpoint
CREATE INDEX `account_notice_account` ON `account_notice` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `team` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`organization_id` integer NOT NULL,
	`name` text NOT NULL,
	`role` integer NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `team_name` ON `team` (`organization_id`,`name`);--> statement-breakpoint
CREATE TABLE `team_invite` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`team_id` integer NOT NULL,
	`account_id` integer,
	`email` text,
	`inviter_id` integer NOT NULL,
	`token` text NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `team`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`inviter_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `team_invite_token_unique` ON `team_invite` (`token`);--> statement-breakpoint
CREATE INDEX `team_invite_team` ON `team_invite` (`team_id`);--> statement-breakpoint
CREATE INDEX `team_invite_account` ON `team_invite` (`account_id`);--> statement-breakpoint
CREATE TABLE `team_member` (
	`account_id` integer NOT NULL,
	`team_id` integer NOT NULL,
	PRIMARY KEY(`account_id`, `team_id`),
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`team_id`) REFERENCES `team`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `team_member_team` ON `team_member` (`team_id`);--> statement-breakpoint
CREATE TABLE `immutability_policy` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`namespace_id` integer NOT NULL,
	`repository_id` integer,
	`pattern` text NOT NULL,
	`matches` integer NOT NULL,
	`applied_to` text,
	`applied_count` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`namespace_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `immutability_policy_uuid_unique` ON `immutability_policy` (`uuid`);--> statement-breakpoint
CREATE INDEX `immutability_policy_namespace` ON `immutability_policy` (`namespace_id`,`repository_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `immutability_policy_of_namespace` ON `immutability_policy` (`namespace_id`,`pattern`) WHERE repository_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX `immutability_policy_of_repository` ON `immutability_policy` (`repository_id`,`pattern`) WHERE repository_id is not null;--> statement-breakpoint
CREATE INDEX `immutability_policy_pending` ON `immutability_policy` (`id`) WHERE applied_to is not null;--> statement-breakpoint
CREATE TABLE `action_count` (
	`repository_id` integer NOT NULL,
	`day` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`repository_id`, `day`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `authorized_email` (
	`repository_id` integer NOT NULL,
	`email` text NOT NULL,
	`confirmed` integer DEFAULT false NOT NULL,
	`code` text NOT NULL,
	PRIMARY KEY(`repository_id`, `email`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `repository` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`namespace_id` integer NOT NULL,
	`name` text NOT NULL,
	`is_public` integer NOT NULL,
	`description` text,
	`state` text DEFAULT 'NORMAL' NOT NULL,
	`badge_token` text NOT NULL,
	`trust_enabled` integer DEFAULT false NOT NULL,
	`generation` integer DEFAULT 0 NOT NULL,
	`tag_count` integer DEFAULT 0 NOT NULL,
	`size_bytes` integer DEFAULT 0 NOT NULL,
	`pull_count` integer DEFAULT 0 NOT NULL,
	`updated_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	`swr_category` text DEFAULT 'other' NOT NULL,
	`swr_creator_id` integer,
	FOREIGN KEY (`namespace_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `repository_name` ON `repository` (`namespace_id`,`name`);--> statement-breakpoint
CREATE INDEX `repository_public` ON `repository` (`id`) WHERE is_public = 1 and deleted_at is null;--> statement-breakpoint
CREATE INDEX `repository_in_namespace` ON `repository` (`namespace_id`,`id`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `repository_public_in_namespace` ON `repository` (`namespace_id`,`id`) WHERE is_public = 1 and deleted_at is null;--> statement-breakpoint
CREATE INDEX `repository_deleted` ON `repository` (`deleted_at`) WHERE deleted_at is not null;--> statement-breakpoint
CREATE TABLE `star` (
	`account_id` integer NOT NULL,
	`repository_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `repository_id`),
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `star_repository` ON `star` (`repository_id`);--> statement-breakpoint
CREATE TABLE `image_sync` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`remote_region` text NOT NULL,
	`remote_namespace` text NOT NULL,
	`is_automatic` integer NOT NULL,
	`overrides` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `image_sync_remote` ON `image_sync` (`repository_id`,`remote_region`,`remote_namespace`);--> statement-breakpoint
CREATE TABLE `image_trigger` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`creator_name` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `image_trigger_name` ON `image_trigger` (`repository_id`,`name`);--> statement-breakpoint
CREATE TABLE `retention` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`algorithm` text NOT NULL,
	`rules` text NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `retention_repositoryId_unique` ON `retention` (`repository_id`);--> statement-breakpoint
CREATE TABLE `retention_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`retention_id` integer NOT NULL,
	`rule` text NOT NULL,
	`tag` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `retention_log_repository` ON `retention_log` (`repository_id`,`id`);--> statement-breakpoint
CREATE TABLE `share` (
	`repository_id` integer NOT NULL,
	`access_domain` text NOT NULL,
	`deadline` text NOT NULL,
	`ends_at` integer,
	`description` text DEFAULT '' NOT NULL,
	`creator_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`repository_id`, `access_domain`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `share_domain` ON `share` (`access_domain`);--> statement-breakpoint
CREATE TABLE `sync_job` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`remote_region` text NOT NULL,
	`remote_namespace` text NOT NULL,
	`tag` text NOT NULL,
	`overrides` integer NOT NULL,
	`status` text NOT NULL,
	`operator_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sync_job_repository` ON `sync_job` (`repository_id`,`id`);--> statement-breakpoint
CREATE TABLE `tag` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`name` text NOT NULL,
	`revision_id` integer NOT NULL,
	`manifest_id` integer NOT NULL,
	`started_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`immutable` integer DEFAULT false NOT NULL,
	`cause` text NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`revision_id`) REFERENCES `tag_revision`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`manifest_id`) REFERENCES `manifest`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tag_name` ON `tag` (`repository_id`,`name`);--> statement-breakpoint
CREATE INDEX `tag_started` ON `tag` (`repository_id`,"started_at" desc,`name`,`expires_at`);--> statement-breakpoint
CREATE INDEX `tag_manifest` ON `tag` (`manifest_id`);--> statement-breakpoint
CREATE INDEX `tag_expires` ON `tag` (`repository_id`,`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
CREATE INDEX `tag_expires_anywhere` ON `tag` (`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
CREATE TABLE `tag_pulls` (
	`repository_id` integer NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`count` integer NOT NULL,
	`last_pulled_at` integer NOT NULL,
	PRIMARY KEY(`repository_id`, `name`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `tag_revision` (
	`id` integer PRIMARY KEY NOT NULL,
	`repository_id` integer NOT NULL,
	`name` text NOT NULL,
	`manifest_id` integer NOT NULL,
	`started_at` integer NOT NULL,
	`expires_at` integer,
	`ended_at` integer,
	`cause` text NOT NULL,
	`immutable` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`manifest_id`) REFERENCES `manifest`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tag_revision_live` ON `tag_revision` (`repository_id`,`name`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `tag_revision_started` ON `tag_revision` (`repository_id`,"started_at" desc,`name`);--> statement-breakpoint
CREATE INDEX `tag_revision_name` ON `tag_revision` (`repository_id`,`name`,`started_at`);--> statement-breakpoint
CREATE INDEX `tag_revision_manifest` ON `tag_revision` (`manifest_id`);--> statement-breakpoint
CREATE INDEX `tag_revision_ended` ON `tag_revision` (`repository_id`,`ended_at`) WHERE ended_at is not null;--> statement-breakpoint
CREATE TABLE `access_token` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`lookup` text NOT NULL,
	`secret_hash` text NOT NULL,
	`application_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`scope` text NOT NULL,
	`name` text,
	`created_by_id` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`last_accessed_at` integer,
	FOREIGN KEY (`application_id`) REFERENCES `oauth_application`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_token_uuid_unique` ON `access_token` (`uuid`);--> statement-breakpoint
CREATE UNIQUE INDEX `access_token_lookup_unique` ON `access_token` (`lookup`);--> statement-breakpoint
CREATE INDEX `access_token_application` ON `access_token` (`application_id`,`id`);--> statement-breakpoint
CREATE INDEX `access_token_account` ON `access_token` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `app_token` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`account_id` integer NOT NULL,
	`title` text NOT NULL,
	`lookup` text NOT NULL,
	`encrypted_secret` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_accessed_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `app_token_uuid_unique` ON `app_token` (`uuid`);--> statement-breakpoint
CREATE UNIQUE INDEX `app_token_lookup_unique` ON `app_token` (`lookup`);--> statement-breakpoint
CREATE INDEX `app_token_account` ON `app_token` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `authorization_code` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`lookup` text NOT NULL,
	`secret_hash` text NOT NULL,
	`application_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`scope` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`code_challenge` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`application_id`) REFERENCES `oauth_application`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `authorization_code_lookup_unique` ON `authorization_code` (`lookup`);--> statement-breakpoint
CREATE INDEX `authorization_code_application` ON `authorization_code` (`application_id`);--> statement-breakpoint
CREATE INDEX `authorization_code_account` ON `authorization_code` (`account_id`);--> statement-breakpoint
CREATE TABLE `oauth_application` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`client_id` text NOT NULL,
	`encrypted_secret` text NOT NULL,
	`namespace_id` integer NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`application_uri` text DEFAULT '' NOT NULL,
	`redirect_uri` text DEFAULT '' NOT NULL,
	`avatar_email` text,
	FOREIGN KEY (`namespace_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `oauth_application_clientId_unique` ON `oauth_application` (`client_id`);--> statement-breakpoint
CREATE INDEX `oauth_application_namespace` ON `oauth_application` (`namespace_id`,`id`);--> statement-breakpoint
CREATE TABLE `service_key` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kid` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`service` text NOT NULL,
	`public_jwk` text NOT NULL,
	`encrypted_private_jwk` text,
	`metadata` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`rotation_seconds` integer,
	`approver_id` integer,
	`approval_type` text,
	`approved_at` integer,
	`approval_notes` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `service_key_kid_unique` ON `service_key` (`kid`);--> statement-breakpoint
CREATE UNIQUE INDEX `service_key_signing` ON `service_key` (`service`) WHERE encrypted_private_jwk is not null;--> statement-breakpoint
CREATE TABLE `token_assignment` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`application_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`redirect_uri` text NOT NULL,
	`scope` text NOT NULL,
	`response_type` text NOT NULL,
	FOREIGN KEY (`application_id`) REFERENCES `oauth_application`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `token_assignment_uuid_unique` ON `token_assignment` (`uuid`);--> statement-breakpoint
CREATE INDEX `token_assignment_account` ON `token_assignment` (`account_id`);--> statement-breakpoint
CREATE INDEX `token_assignment_application` ON `token_assignment` (`application_id`);