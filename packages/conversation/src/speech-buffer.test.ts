import { expect, test } from 'vitest';
import type { Speech } from './ports.ts';
import { SpeechBuffer } from './speech-buffer.ts';

const never = new AbortController().signal;

function piece(text = ''): Speech {
  return { frame: { samples: new Int16Array(160), sampleRate: 8000 }, text };
}

/** Two clauses of 40 ms each. */
async function twoClauses(buffer: SpeechBuffer): Promise<void> {
  for (const text of ['one', 'two']) {
    await buffer.push(piece(text), never);
    await buffer.push(piece(), never);
    buffer.endClause();
  }
}

async function read(buffer: SpeechBuffer): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of buffer.read(never)) texts.push(text);
  return texts;
}

test('reading begins again with the first clause that was not heard to its end', async () => {
  const buffer = new SpeechBuffer();
  await twoClauses(buffer);
  buffer.close();
  expect(await read(buffer)).toEqual(['one', '', 'two', '']);
  buffer.heard(60);
  buffer.rewind();
  expect(await read(buffer)).toEqual(['two', '']);
});

test('a clause heard to its end is not repeated, though the next one is not made yet', async () => {
  const buffer = new SpeechBuffer();
  await buffer.push(piece('one'), never);
  buffer.endClause();
  const reading = buffer.read(never);
  await reading.next();
  buffer.heard(20);
  buffer.rewind();
  await buffer.push(piece('two'), never);
  buffer.close();
  expect(await read(buffer)).toEqual(['two']);
});

test('whoever reads on after a rewind takes nothing from the new reader', async () => {
  const buffer = new SpeechBuffer();
  const before = buffer.read(never).next();
  buffer.rewind();
  const after = read(buffer);
  await twoClauses(buffer);
  buffer.close();
  expect(await before).toMatchObject({ done: true });
  expect(await after).toEqual(['one', '', 'two', '']);
});

test('all is spent once it was heard', async () => {
  const buffer = new SpeechBuffer();
  await twoClauses(buffer);
  buffer.close();
  await read(buffer);
  buffer.heard(79);
  expect(buffer.spent).toBe(false);
  buffer.heard(80);
  expect(buffer.spent).toBe(true);
});
