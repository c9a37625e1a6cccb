import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate` writes the next migration up; the way down is written by hand beside it. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema.ts',
  out: './migrations',
});
