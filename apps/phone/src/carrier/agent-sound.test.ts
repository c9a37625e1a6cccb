import { expect, test } from 'vitest';
import { AgentSound } from './agent-sound.ts';

/** '#' is an audible frame, '.' a quiet one. */
function changes(heard: string): string[] {
  const sound = new AgentSound();
  const told = [...heard].map((kind, index) =>
    sound.heard(new Int16Array(160).fill(kind === '#' ? 3000 : 3), index * 20),
  );
  return [...told, sound.end()].flatMap((change) =>
    change ? [`${change.type.replace('agent-sound-', '')} ${change.atMs}`] : [],
  );
}

test('speech begins with its first audible frame and ends with its last', () => {
  expect(changes(`..##..##${'.'.repeat(20)}#`)).toEqual([
    'started 40',
    'ended 160',
    'started 560',
    'ended 580',
  ]);
});

test('a quiet line has no sound', () => {
  expect(changes('.....')).toEqual([]);
});
