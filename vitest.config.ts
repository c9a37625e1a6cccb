import { defineConfig } from 'vitest/config';

/** Tests against a real Ollama run where one is named. */
const real = process.env.OLLAMA_HOST ? [] : ['**/*.ollama.test.ts'];

/** Whole calls in real time, and engines: each has the machine to itself. */
const calls = ['apps/phone/src/stories/*.test.ts', '**/real-*.test.ts'];

const exclude = ['**/node_modules/**', ...real];
const include = ['*.test.ts', '{packages,apps}/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'];

export default defineConfig({
  test: {
    isolate: false,
    // Concurrent tests mostly wait: for real servers, and for the limits of calls.
    maxConcurrency: 20,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'out/tests.json' }]]
      : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include,
          exclude: [...exclude, ...calls],
          // One more than the smallest machine has cores: many wait for servers.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'calls',
          include: calls,
          exclude,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
