import { expect, test } from 'vitest';
import { modelParts } from './model-files.ts';
import { offlineNotice } from './offline-notice.ts';
import { ProgressBar } from './progress-bar.ts';

const received = (receivedBytes: number, sizeBytes: number | null = 10_000_000) =>
  ({ type: 'received', path: 'a/b.onnx', receivedBytes, sizeBytes }) as const;

test('a terminal gets one line that is written over', () => {
  const bar = new ProgressBar({ isTty: true, columns: 80 });
  bar.render(received(0), 0);
  expect(bar.render(received(5_000_000), 2000)).toBe(
    `\r\x1b[Ka/b.onnx [${'#'.repeat(15)}${'.'.repeat(15)}] 50 %  5.0 MB of 10 MB  2.5 MB/s`,
  );
  const done = { type: 'fetched', path: 'a/b.onnx', sizeBytes: 10_000_000 } as const;
  expect(bar.render(done, 4000)).toBe('\r\x1b[Ka/b.onnx  10 MB  checked\n');
});

test('a narrow terminal gets no bar and no broken line', () => {
  for (const columns of [1, 10, 30, 45]) {
    const bar = new ProgressBar({ isTty: true, columns });
    const text = bar.render(received(5_000_000), 0).replace('\r\x1b[K', '');
    expect(text.length).toBeLessThan(columns);
  }
});

test('a host that does not tell the size gets no bar', () => {
  const bar = new ProgressBar({ isTty: true, columns: 80 });
  expect(bar.render(received(5_000_000, null), 0)).toBe('\r\x1b[Ka/b.onnx  5.0 MB');
});

test('a log gets a line every ten per cent', () => {
  const bar = new ProgressBar({ isTty: false, columns: 80 });
  const lines = Array.from({ length: 101 }, (_, i) => bar.render(received(i * 100_000), i * 100));
  expect(lines.filter((line) => line !== '')).toHaveLength(11);
  expect(lines[50]).toBe('a/b.onnx  50 %  5.0 MB of 10 MB  1.0 MB/s\n');
});

test('of a small file a log only says that it is there', () => {
  const bar = new ProgressBar({ isTty: false, columns: 80 });
  expect(bar.render(received(500, 1000), 0)).toBe('');
  const done = { type: 'fetched', path: 'a/b.onnx', sizeBytes: 1001 } as const;
  expect(bar.render(done, 0)).toBe('a/b.onnx  2 kB  checked\n');
});

test('speed counts from where the download was resumed', () => {
  const bar = new ProgressBar({ isTty: false, columns: 80 });
  bar.render(received(8_000_000), 0);
  expect(bar.render(received(9_000_000), 1000)).toContain('1.0 MB/s');
});

test('waiting and another attempt are said in a line of their own', () => {
  const bar = new ProgressBar({ isTty: true, columns: 80 });
  expect(bar.render({ type: 'waiting' }, 0)).toMatch(/^Another process .*\n$/);
  const retrying = { type: 'retrying', path: 'x', reason: 'h gave up', inMs: 1500 } as const;
  expect(bar.render(retrying, 0)).toBe('\r\x1b[Kx: h gave up; again in 2 s\n');
});

test('a machine without network is told in one line what is missing, where it goes, and what is used', () => {
  const parts = modelParts({ whisperModel: 'tiny.en', piperVoice: 'en_US-lessac-medium' });
  expect(offlineNotice(parts, '/srv/models')).toBe(
    "Missing and not to be fetched now: Whisper tiny.en (whisper-tiny.en/), Piper en_US-lessac-medium (piper-en_US-lessac-medium/), espeak-ng's English (espeak-ng-data/). Put them into /srv/models, or name a mirror in MODELS_URL; until then another Whisper model that is there, or else PocketSphinx, hears and another Piper voice that is there, or else Flite, speaks.",
  );
  expect(offlineNotice(parts.slice(0, 1), '/srv/models')).not.toContain('Flite');
});
