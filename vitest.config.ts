import { defineConfig } from 'vitest/config';

/** Tests against a real Ollama run where one is named. */
const real = process.env.OLLAMA_HOST ? [] : ['**/*.ollama.test.ts'];

export default defineConfig({
  test: {
    include: ['*.test.ts', '{packages,apps}/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...real],
    isolate: false,
    // Concurrent tests mostly wait: for real servers, and for the limits of calls.
    maxConcurrency: 20,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'out/tests.json' }]]
      : ['default'],
  },
});
