import { readFileSync } from 'node:fs';

/** Ends the gate with a count of tests. In CI nothing may be skipped: what is, is named. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const report: Report = JSON.parse(readFileSync(process.argv[2] ?? 'out/tests.json', 'utf8'));
const skipped = report.testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status !== 'passed' && status !== 'failed');

for (const { fullName } of skipped) console.error(`skipped: ${fullName}`);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + skipped.length} failed`);
if (skipped.length > 0 || report.numPassedTests === 0) process.exitCode = 1;
