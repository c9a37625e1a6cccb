import process from 'node:process';
import { EngineHost } from '../engine-host.ts';
import type { UnrulyEngine } from './unruly-process.ts';

/** Tells its engine's process id, and then is killed. */
const host = new EngineHost<UnrulyEngine>({
  name: 'Unruly',
  module: new URL('./unruly-process.ts', import.meta.url),
  engineOptions: {},
});
const { output } = await host.request('pid', undefined, {}, new AbortController().signal);
process.send?.(output);
