ALTER TABLE `repository_blob` ADD `deleted_at` integer;--> statement-breakpoint
CREATE INDEX `repository_blob_deleted` ON `repository_blob` (`repository_id`) WHERE deleted_at is not null;