import process from 'node:process';
import type { FromEngine, ToEngine } from './engine-message.ts';

/**
 * What an engine can do: one function a kind of request. `input`, parts and outputs are anything
 * that structured clone carries (typed arrays travel as their own bytes only). An ordinary or async
 * function answers once; an async generator streams its parts and may return an output at the end.
 * The signal aborts when the asker no longer wants the answer. What a handler throws is told to the
 * asker as `engine-refused`, so its message holds no words of a caller.
 */
export type EngineHandlers = Readonly<
  Record<string, (input: never, signal: AbortSignal) => unknown>
>;

/**
 * The child's side of `EngineHost`, called once by an engine's process file:
 *
 *     export type EchoEngine = Awaited<ReturnType<typeof open>>;
 *     async function open(options: { model: string }) {
 *       const model = await load(options.model);            // and warm it up
 *       return { say: (input: { text: string }) => model.say(input.text) };
 *     }
 *     serve(open);
 *
 * `open` gets the host's `engineOptions`. When it throws, the process exits with code 1 and the
 * error on stderr. Requests come one at a time. The process ends with its parent; signals meant for
 * the whole process group (Ctrl-C, systemd's stop) are left to the parent, who drains its calls
 * first.
 */
export function serve<Options>(
  open: (options: Options) => EngineHandlers | Promise<EngineHandlers>,
): void {
  let handlers: EngineHandlers = {};
  const running = new Map<number, AbortController>();
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', leaveToParent);
  process.on('SIGTERM', leaveToParent);
  process.on('message', (message: ToEngine) => {
    switch (message.type) {
      case 'open':
        void load(message.options as Options);
        return;
      case 'request':
        void answer(message.id, message.kind, message.input);
        return;
      case 'cancel':
        running.get(message.id)?.abort();
    }
  });

  async function load(options: Options): Promise<void> {
    const startedAt = performance.now();
    try {
      handlers = await open(options);
    } catch (error) {
      fail(error);
      return;
    }
    tell({ type: 'ready', loadMs: performance.now() - startedAt });
  }

  async function answer(id: number, kind: string, input: unknown): Promise<void> {
    const cancel = new AbortController();
    running.set(id, cancel);
    const startedAt = performance.now();
    try {
      const handler = handlers[kind];
      if (!handler) throw new Error(`This engine knows no '${kind}'`);
      const output = await finish(id, handler(input as never, cancel.signal), cancel.signal);
      tell({ type: 'done', id, output, engineMs: performance.now() - startedAt });
    } catch (error) {
      tell({
        type: 'refused',
        id,
        message: error instanceof Error ? error.message : String(error),
      });
    } finally {
      running.delete(id);
    }
  }
}

function fail(error: unknown): void {
  const story = error instanceof Error ? error.stack : error;
  process.stderr.write(`${story}\n`, () => process.exit(1));
}

/** Sends the parts of a streamed answer, until it ends or is cancelled. */
async function finish(id: number, answer: unknown, signal: AbortSignal): Promise<unknown> {
  if (!isStream(answer)) return answer;
  while (true) {
    const next = await answer.next();
    if (next.done) return next.value;
    tell({ type: 'part', id, part: next.value });
    if (!signal.aborted) continue;
    await answer.return?.();
    return undefined;
  }
}

function isStream(answer: unknown): answer is AsyncIterator<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

function tell(message: FromEngine): void {
  if (!process.send) throw new Error('An engine process is started by its host, not by hand');
  if (process.connected) process.send(message, undefined, undefined, ignoreLostParent);
}

/** 'disconnect' follows and ends the process. */
function ignoreLostParent(): void {}

function leaveToParent(): void {}
