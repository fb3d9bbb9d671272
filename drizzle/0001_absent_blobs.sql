CREATE TABLE `absent_blob` (
	`manifest_id` integer NOT NULL,
	`digest` text NOT NULL,
	`repository_id` integer NOT NULL,
	PRIMARY KEY(`manifest_id`, `digest`),
	FOREIGN KEY (`manifest_id`) REFERENCES `manifest`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `absent_blob_digest` ON `absent_blob` (`repository_id`,`digest`);