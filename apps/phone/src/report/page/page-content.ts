import type { SpokenTurn } from '../../caller/spoken.ts';
import type { Recording } from '../call-recorder.ts';
import type { CallReport } from '../call-report.ts';
import type { Check } from '../expectations.ts';

/** Everything a report's page shows. */
export interface PageContent {
  readonly title: string;
  /** When the call was made. */
  readonly date: Date;
  readonly report: CallReport;
  readonly recording: Pick<Recording, 'durationMs' | 'peaks' | 'digits' | 'outcome'>;
  readonly spoken: readonly SpokenTurn[];
  readonly checks: readonly Check[];
  /** The WAV file, to be played in the page; null for a call too long to carry along. */
  readonly audio: Uint8Array | null;
}
