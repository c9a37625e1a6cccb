import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What Pipecat's resampler does with a stream of 20 ms frames. */
export interface SoxrFigures {
  /** The most audio it holds back, once under way. */
  readonly delayMs: number;
  readonly usPerFrame: number;
}

// The library and quality that Pipecat's SOXRStreamAudioResampler uses.
const SCRIPT = `
import json, sys, time
import numpy, soxr
rates = [int(rate) for rate in sys.argv[1:]]
from_rate, to_rate = rates
frame = (numpy.sin(numpy.arange(from_rate // 50) / 3) * 12000).astype(numpy.int16)
stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="int16", quality="VHQ")
out, held, took = 0, [], []
for k in range(1, 501):
    start = time.perf_counter()
    out += len(stream.resample_chunk(frame))
    took.append(time.perf_counter() - start)
    held.append(k * 20 - out * 1000 / to_rate)
print(json.dumps({"delayMs": max(held[100:]), "usPerFrame": sum(took[100:]) / 400 * 1e6}))
`;

/** Measures soxr in the Pipecat peer's own environment. */
export function measureSoxr(pipecat: string, from: number, to: number): SoxrFigures {
  const python = join(pipecat, 'venv/bin/python');
  const { error, status, stdout, stderr } = spawnSync(python, ['-c', SCRIPT, `${from}`, `${to}`]);
  if (error) throw new Error(`PIPECAT_PEER: ${python} does not run`, { cause: error });
  if (status !== 0) throw new Error(`soxr: ${stderr}`);
  return JSON.parse(stdout.toString());
}
