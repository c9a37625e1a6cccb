import { spawnSync } from 'node:child_process';

const SOX = 'sox';

/** SoX's best resampler, or null where it is not installed. It takes whole files only. */
export function findSox(): typeof sox | null {
  return spawnSync(SOX, ['--version']).error ? null : sox;
}

function sox(samples: Int16Array, from: number, to: number): Int16Array {
  const input = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  // -D: no dither, which would be counted as error.
  const { status, stdout, stderr } = spawnSync(
    SOX,
    ['-D', ...raw(from), ...raw(to), 'rate', '-v', `${to}`],
    { input, maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`sox: ${stderr}`);
  return new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

const raw = (rate: number): string[] => [
  ...['-t', 'raw', '-e', 'signed', '-b', '16', '-L'],
  ...['-c', '1', '-r', `${rate}`, '-'],
];
