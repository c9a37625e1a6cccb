import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openCallerVoice } from '../caller/caller-voice.ts';
import { parseScenario } from '../caller/parse-scenario.ts';
import { prepareCaller } from '../caller/prepare-caller.ts';
import type { CallEvent, CallObserver } from '../carrier/call-observer.ts';
import { FrameClock } from '../carrier/frame-clock.ts';
import { runCall } from '../carrier/run-call.ts';
import { serverEnvironment } from '../demo/server-environment.ts';
import { ServerProcess } from '../demo/server-process.ts';
import { type RecordedCall, recordCall } from '../report/record-call.ts';

export interface StoryServerOptions {
  readonly engines: 'small' | 'real';
  readonly modelsDir?: string;
  /** Beyond what the demo's server has. */
  readonly environment?: Readonly<Record<string, string>>;
}

const SERVER_MAIN = path.resolve(import.meta.dirname, '../../../server/src/main.ts');
const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios');
const READY_WITHIN_MS = 60_000;
/** No call of a story is longer; one that is has gone wrong. */
const CALL_WITHIN_MS = 170_000;
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;

const clock = new FrameClock();

/** The server as `npm run demo` starts it, in a process of its own, and callers who ring it. */
export class StoryServer implements AsyncDisposable {
  readonly base: string;
  readonly pid: number;
  readonly authToken: string;
  readonly #options: StoryServerOptions;
  readonly #folder: string;
  readonly #resources: AsyncDisposable;
  #calls = 0;

  private constructor(
    server: ServerProcess,
    authToken: string,
    folder: string,
    options: StoryServerOptions,
    resources: AsyncDisposable,
  ) {
    this.base = server.base;
    this.pid = server.pid;
    this.authToken = authToken;
    this.#options = options;
    this.#folder = folder;
    this.#resources = resources;
  }

  /** Resolves when the server is ready for calls. */
  static async open(options: StoryServerOptions): Promise<StoryServer> {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(path.join(tmpdir(), 'earshot-story-'));
    opened.defer(() => rm(folder, { recursive: true }));
    const authToken = randomBytes(16).toString('hex');
    const { engines, modelsDir = folder, environment } = options;
    const ours = { MODELS_DOWNLOAD: 'never', ...environment };
    const server = opened.use(
      await ServerProcess.start(
        {
          main: SERVER_MAIN,
          environment: { ...serverEnvironment({}, { engines, authToken, modelsDir }), ...ours },
          logFile: path.join(folder, 'server.log'),
          readyWithinMs: READY_WITHIN_MS,
        },
        AbortSignal.timeout(READY_WITHIN_MS),
      ),
    );
    return new StoryServer(server, authToken, folder, options, opened.move());
  }

  /** All that the server has printed: its start-up table, and its log. */
  printed(): Promise<string> {
    return readFile(path.join(this.#folder, 'server.log'), 'utf8');
  }

  /** Plays one of the scenarios of `apps/phone/scenarios` by its name. */
  async play(name: string, watch?: Watch): Promise<RecordedCall> {
    const file = path.join(SCENARIOS, `${name}.yaml`);
    return await this.ring(await readFile(file, 'utf8'), watch);
  }

  /** Rings with a scenario's YAML; resolves when the call is over. */
  async ring(yaml: string, watch: Watch = () => {}): Promise<RecordedCall> {
    const signal = AbortSignal.timeout(CALL_WITHIN_MS);
    const scenario = parseScenario(yaml, path.join(SCENARIOS, 'story.yaml'));
    const { engines, modelsDir = this.#folder } = this.#options;
    const options = { engines, modelsDir, folder: SCENARIOS } as const;
    await using voice = await openCallerVoice(scenario.voice, options, signal);
    const caller = await prepareCaller(scenario, { voice, folder: SCENARIOS }, signal);
    await voice[Symbol.asyncDispose]();
    const account = { voiceUrl: `${this.base}/twilio/voice`, accountSid: ACCOUNT_SID };
    const { from, to } = scenario;
    const place = (observer: CallObserver, placing: AbortSignal) =>
      runCall({
        ...account,
        authToken: this.authToken,
        from,
        to,
        clock,
        caller,
        observer: watched(observer, watch),
        signal: placing,
      });
    const folder = path.join(this.#folder, `call-${++this.#calls}`);
    const call = { scenario, caller, place, base: this.base, folder, write: () => {} };
    return await recordCall(call, signal);
  }

  async ready(): Promise<boolean> {
    return (await fetch(`${this.base}/health/ready`)).ok;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }
}

/** Sees a call's events as they happen. */
export type Watch = (event: CallEvent) => void;

function watched(observer: CallObserver, watch: Watch): CallObserver {
  return {
    observe: (event) => {
      observer.observe(event);
      watch(event);
    },
  };
}
