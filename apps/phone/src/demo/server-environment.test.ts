import { expect, test } from 'vitest';
import { serverEnvironment } from './server-environment.ts';

const wishes = { engines: 'small', authToken: 'ours', modelsDir: '/models' } as const;

test('what the user has set for another server does not reach the demo’s', () => {
  const user = {
    PATH: '/bin',
    BASE_URL: 'https://mine.example',
    TWILIO_AUTH_TOKEN: 'mine',
    PORT: '80',
  };
  expect(serverEnvironment(user, wishes)).toMatchObject({
    PATH: '/bin',
    BASE_URL: '',
    PORT: '',
    TWILIO_AUTH_TOKEN: 'ours',
  });
});

test('engines are forced, or left to the server', () => {
  const user = { RECOGNIZER: 'http' };
  expect(serverEnvironment(user, wishes).RECOGNIZER).toBe('small');
  expect(serverEnvironment(user, { ...wishes, engines: 'real' }).RECOGNIZER).toBe('whisper');
  expect(serverEnvironment(user, { ...wishes, engines: 'auto' }).RECOGNIZER).toBe('http');
});

test('the demo downloads nothing', () => {
  expect(serverEnvironment({ MODELS_DOWNLOAD: 'auto' }, wishes).MODELS_DOWNLOAD).toBe('never');
});
