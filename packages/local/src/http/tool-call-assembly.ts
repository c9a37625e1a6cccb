import { randomUUID } from 'node:crypto';
import type { ToolCall } from '@earshot/conversation';
import { z } from 'zod';
import { parseJson } from './refusal.ts';

/** A piece of a streamed tool call as OpenAI-compatible servers send it. */
export interface ToolCallPiece {
  readonly index?: number | null | undefined;
  readonly id?: string | null | undefined;
  readonly function?:
    | { readonly name?: string | null | undefined; readonly arguments?: string | null | undefined }
    | null
    | undefined;
}

const MAX_ARGUMENT_CHARS = 65_536;
const Arguments = z.record(z.string(), z.unknown());

/** Puts the pieces of streamed tool calls together. */
export class ToolCallAssembly {
  readonly #calls: { id: string; index: number | null; name: string; args: string }[] = [];

  /** False when the calls grow beyond all measure. */
  add({ index = null, id, function: named }: ToolCallPiece): boolean {
    let call = this.#calls.findLast((one) => index === null || one.index === index);
    // Some servers number every call 0, some none at all: a new id begins a new call.
    if (!call || (id && call.id && id !== call.id)) {
      call = { id: id ?? '', index, name: '', args: '' };
      this.#calls.push(call);
    }
    call.id ||= id ?? '';
    // Some servers repeat the name with every piece.
    call.name ||= named?.name ?? '';
    call.args += named?.arguments ?? '';
    return call.args.length <= MAX_ARGUMENT_CHARS && this.#calls.length <= 32;
  }

  /** null when a call has no name or its arguments are no JSON object. */
  finish(): readonly ToolCall[] | null {
    const calls: ToolCall[] = [];
    for (const { id, name, args } of this.#calls) {
      const parsed = Arguments.safeParse(args.trim() === '' ? {} : parseJson(args));
      if (!parsed.success || name === '') return null;
      calls.push({ id: id || randomUUID(), name, arguments: parsed.data });
    }
    return calls;
  }
}
