ALTER TABLE "calls" DROP COLUMN "host";
DROP TABLE "hosts";
