CREATE TYPE "public"."call_direction" AS ENUM('inbound', 'outbound');--> statement-breakpoint
CREATE TYPE "public"."call_phase" AS ENUM('queued', 'ringing', 'answered', 'ended');--> statement-breakpoint
CREATE TYPE "public"."call_status" AS ENUM('initiated', 'ringing', 'in_progress', 'completed', 'failed', 'no_answer', 'busy', 'canceled');--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"revoked_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "call_events" (
	"call_id" text NOT NULL,
	"serial" integer NOT NULL,
	"event_type" text NOT NULL,
	"event_data" json NOT NULL,
	"timestamp" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "call_events_call_id_serial_pk" PRIMARY KEY("call_id","serial")
);
--> statement-breakpoint
ALTER TABLE "call_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "call_metrics" (
	"call_id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"time_to_answer_ms" double precision,
	"time_to_websocket_ms" double precision,
	"time_to_streaming_ms" double precision,
	"time_to_first_audio_ms" double precision,
	"time_to_first_ai_response_ms" double precision,
	"avg_ai_response_time_ms" double precision,
	"max_ai_response_time_ms" double precision,
	"websocket_duration_ms" double precision NOT NULL,
	"websocket_reconnect_count" integer NOT NULL,
	"total_audio_frames_sent" integer NOT NULL,
	"total_audio_frames_received" integer NOT NULL,
	"total_audio_frames_dropped" integer NOT NULL,
	"audio_drop_rate_percent" double precision NOT NULL,
	"max_audio_queue_depth" double precision NOT NULL,
	"avg_audio_queue_depth" double precision NOT NULL,
	"vad_trigger_count" integer NOT NULL,
	"speech_start_count" integer NOT NULL,
	"speech_end_count" integer NOT NULL,
	"interruption_count" integer NOT NULL,
	"ai_turn_count" integer NOT NULL,
	"user_turn_count" integer NOT NULL,
	"network_error_count" integer NOT NULL,
	"agent_connection_errors" integer NOT NULL,
	"agent_session_duration_ms" double precision,
	"agent_model_version" text,
	"disconnection_reason" text,
	"error_messages" json NOT NULL,
	"twilio_stream_sid" text
);
--> statement-breakpoint
ALTER TABLE "call_metrics" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "calls" (
	"id" text PRIMARY KEY NOT NULL,
	"direction" "call_direction" NOT NULL,
	"phone_number" text NOT NULL,
	"own_number" text NOT NULL,
	"receptionist_id" text,
	"greeting" text,
	"system_prompt" text,
	"max_duration_ms" bigint NOT NULL,
	"ring_timeout_ms" bigint NOT NULL,
	"machine_detection" text NOT NULL,
	"record" boolean NOT NULL,
	"vad_config" json,
	"meta_data" json NOT NULL,
	"agent" text,
	"phase" "call_phase" NOT NULL,
	"status" "call_status" NOT NULL,
	"call_sid" text,
	"started_at" timestamp(3) with time zone NOT NULL,
	"dialled_at" timestamp(3) with time zone,
	"ringing_at" timestamp(3) with time zone,
	"answered_at" timestamp(3) with time zone,
	"answered_by" text,
	"ended_at" timestamp(3) with time zone,
	"duration_seconds" integer,
	"outcome_blame" text,
	"outcome_reason" text,
	CONSTRAINT "calls_call_sid_unique" UNIQUE("call_sid"),
	CONSTRAINT "calls_ended" CHECK (("calls"."phase" = 'ended') = ("calls"."outcome_reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "calls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"call_id" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_owner_key_pk" PRIMARY KEY("owner","key")
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "messages" (
	"call_id" text NOT NULL,
	"message_index" integer NOT NULL,
	"name" text NOT NULL,
	"phone_number" text NOT NULL,
	"text" text NOT NULL,
	"taken_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "messages_call_id_message_index_pk" PRIMARY KEY("call_id","message_index")
);
--> statement-breakpoint
ALTER TABLE "messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "transcripts" (
	"call_id" text NOT NULL,
	"turn_index" integer NOT NULL,
	"speaker" text NOT NULL,
	"text" text NOT NULL,
	"timestamp" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone NOT NULL,
	"heard_ms" double precision,
	"interrupted" boolean NOT NULL,
	"confidence" double precision,
	CONSTRAINT "transcripts_call_id_turn_index_pk" PRIMARY KEY("call_id","turn_index")
);
--> statement-breakpoint
ALTER TABLE "transcripts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"event" text NOT NULL,
	"body" text NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp(3) with time zone,
	"leased_until" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"delivered_at" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "calls_started_at" ON "calls" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "calls_phone_number" ON "calls" USING btree ("phone_number","started_at");--> statement-breakpoint
CREATE INDEX "calls_receptionist" ON "calls" USING btree ("receptionist_id","started_at");--> statement-breakpoint
CREATE INDEX "calls_open" ON "calls" USING btree ("started_at") WHERE "calls"."phase" <> 'ended';--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE "webhook_deliveries"."next_attempt_at" is not null;