import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { refuse, type ScriptedRefusal } from './scripted-server.ts';

/** What happens next in a streamed reply. A string is said token by token. */
export type ScriptedStep =
  | string
  | { readonly call: { readonly name: string; readonly arguments: Record<string, unknown> } }
  /** The server's own way to fail when HTTP has already said 200. */
  | { readonly fail: string }
  /** Nothing more comes, until the client leaves. */
  | { readonly stall: true }
  /** The connection is lost. */
  | { readonly cut: true }
  /** Ends as if all were well, without the protocol's last word. */
  | { readonly end: true }
  | { readonly raw: string | Uint8Array };

export interface ScriptedStream {
  readonly steps: readonly ScriptedStep[];
  /** Cuts the stream into pieces of so many bytes, through lines and characters. */
  readonly pieceBytes?: number;
  readonly tokenMs?: number;
}

export type ScriptedReply = ScriptedStream | ScriptedRefusal;

/** How one protocol writes the parts of a reply. */
export interface ReplyFormat {
  readonly contentType: string;
  text(text: string): string;
  call(name: string, args: Record<string, unknown>): string;
  fail(message: string): string;
  end(): string;
}

export async function play(
  reply: ScriptedReply,
  format: ReplyFormat,
  response: ServerResponse,
): Promise<void> {
  if ('status' in reply) return refuse(response, reply);
  response.writeHead(200, { 'content-type': format.contentType });
  response.flushHeaders();
  for (const step of reply.steps) {
    if (response.destroyed) return;
    if (typeof step === 'string') await say(step, reply, format, response);
    else if ('call' in step)
      await write(format.call(step.call.name, step.call.arguments), reply, response);
    else if ('fail' in step) return void response.end(format.fail(step.fail));
    else if ('stall' in step) return void (await once(response, 'close'));
    else if ('cut' in step) return void response.destroy();
    else if ('end' in step) return void response.end();
    else await write(step.raw, reply, response);
  }
  await write(format.end(), reply, response);
  response.end();
}

async function say(
  words: string,
  reply: ScriptedStream,
  format: ReplyFormat,
  response: ServerResponse,
): Promise<void> {
  for (const token of words.match(/\s*\S+|\s+$/g) ?? []) {
    if (response.destroyed) return;
    if (reply.tokenMs) await setTimeout(reply.tokenMs);
    await write(format.text(token), reply, response);
  }
}

async function write(
  data: string | Uint8Array,
  { pieceBytes = Number.POSITIVE_INFINITY }: ScriptedStream,
  response: ServerResponse,
): Promise<void> {
  const bytes = Buffer.from(data);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    response.write(bytes.subarray(at, at + pieceBytes));
    await setImmediate();
  }
}
