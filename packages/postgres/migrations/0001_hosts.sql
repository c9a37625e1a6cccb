CREATE TABLE "hosts" (
	"id" text PRIMARY KEY NOT NULL,
	"seen_until" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "hosts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "host" text;