import { z } from 'zod';
import type { Prompt, StreamVerb, Verb } from './verb.ts';
import { type Element, parseXml } from './xml.ts';

/** TwiML fetched from a webhook may have 64 kB. */
const MAX_CHARACTERS = 64 * 1024;

interface Complaint {
  readonly code: string;
  readonly text: string;
}

/** `verbs` is null when the document is no TwiML at all; what the schema does not know is left out. */
export interface Twiml {
  readonly verbs: readonly Verb[] | null;
  readonly complaints: readonly Complaint[];
}

export function parseTwiml(document: string): Twiml {
  if (document.length > MAX_CHARACTERS) return unusable('11750', 'TwiML of more than 64 kB');
  let root: Element;
  try {
    root = parseXml(document.trim());
  } catch (cause) {
    return unusable('12100', `TwiML that is not well-formed: ${String(cause).split('\n')[0]}`);
  }
  if (root.name !== 'Response') {
    return unusable('12100', `TwiML whose root is <${root.name}>, not <Response>`);
  }
  const complaints: Complaint[] = [];
  return { verbs: readAll(root.children, VERBS, complaints), complaints };
}

function unusable(code: string, text: string): Twiml {
  return { verbs: null, complaints: [{ code, text }] };
}

type Reader<V> = (element: Element, complaints: Complaint[]) => V | null;

function readAll<V>(
  elements: readonly Element[],
  readers: Readonly<Record<string, Reader<V>>>,
  complaints: Complaint[],
): V[] {
  const read: V[] = [];
  for (const element of elements) {
    const reader = Object.hasOwn(readers, element.name) ? readers[element.name] : undefined;
    if (!reader) complaints.push(schema(`<${element.name}> is not known here and was skipped`));
    const value = reader?.(element, complaints) ?? null;
    if (value !== null) read.push(value);
  }
  return read;
}

function schema(text: string): Complaint {
  return { code: '12200', text };
}

const method = z.enum(['GET', 'POST']).default('POST');
const text = z.string().default('');
const count = z.coerce.number().int().min(0);

/** Reads the attributes, or complains once for each that is wrong or unknown. */
function attributes<S extends z.ZodObject>(
  element: Element,
  shape: S,
  complaints: Complaint[],
): z.infer<S> | null {
  const known = { ...element.attributes };
  for (const name of Object.keys(known).filter((name) => !(name in shape.shape))) {
    complaints.push(schema(`<${element.name}> has no attribute ${name}`));
    delete known[name];
  }
  const parsed = shape.safeParse(known);
  for (const issue of parsed.error?.issues ?? []) {
    complaints.push(schema(`<${element.name} ${issue.path.join('.')}>: ${issue.message}`));
  }
  return parsed.data ?? null;
}

const SayAttributes = z.object({ voice: text, language: text, loop: count.default(1) });
const PlayAttributes = z.object({ digits: text, loop: count.default(1) });
const PauseAttributes = z.object({ length: count.default(1) });
const RedirectAttributes = z.object({ method });
const ConnectAttributes = z.object({ action: z.string().nullable().default(null), method });
const RejectAttributes = z.object({ reason: z.enum(['rejected', 'busy']).default('rejected') });
const GatherAttributes = z.object({
  input: text,
  action: z.string().nullable().default(null),
  method,
  timeout: count.default(5),
  numDigits: count.default(0),
  finishOnKey: z.string().default('#'),
  actionOnEmptyResult: z.stringbool().default(false),
});
const StreamAttributes = z.object({
  url: text,
  name: z.string().nullable().default(null),
  track: z.string().default('inbound_track'),
  statusCallback: z.string().nullable().default(null),
  statusCallbackMethod: method,
});
const ParameterAttributes = z.object({ name: z.string(), value: z.string() });

const PROMPTS: Readonly<Record<string, Reader<Prompt>>> = {
  Say: (element, complaints) => {
    const given = attributes(element, SayAttributes, complaints);
    return given && { verb: 'Say', text: element.text.trim(), loop: given.loop };
  },
  Play: (element, complaints) => {
    const given = attributes(element, PlayAttributes, complaints);
    return given && { verb: 'Play', url: element.text.trim(), ...given };
  },
  Pause: (element, complaints) => {
    const given = attributes(element, PauseAttributes, complaints);
    return given && { verb: 'Pause', seconds: given.length };
  },
};

const VERBS: Readonly<Record<string, Reader<Verb>>> = {
  ...PROMPTS,
  Connect: readConnect,
  Gather: (element, complaints) => {
    const given = attributes(element, GatherAttributes, complaints);
    if (!given) return null;
    const { input, timeout, ...rest } = given;
    if (input.includes('speech')) complaints.push(schema('<Gather> of speech is not emulated'));
    const prompts = readAll(element.children, PROMPTS, complaints);
    return { verb: 'Gather', timeoutSeconds: timeout, prompts, ...rest };
  },
  Redirect: (element, complaints) => {
    const given = attributes(element, RedirectAttributes, complaints);
    return given && { verb: 'Redirect', url: element.text.trim(), method: given.method };
  },
  // Of its many attributes those that do not decide where the call goes are left alone.
  Dial: ({ attributes: given, text, children }) => {
    const { action = null, timeout, method } = given;
    const nouns = children.map((child) =>
      child.name === 'Number' ? child.text.trim() : `${child.name} ${child.text.trim()}`,
    );
    return {
      verb: 'Dial',
      number: [text.trim(), ...nouns].filter(Boolean).join(', '),
      action,
      method: method === 'GET' ? 'GET' : 'POST',
      timeoutSeconds: Number(timeout) > 0 ? Number(timeout) : 30,
    };
  },
  Reject: (element, complaints) => {
    const given = attributes(element, RejectAttributes, complaints);
    return given && { verb: 'Reject', reason: given.reason };
  },
  Hangup: (element, complaints) => {
    attributes(element, z.object({}), complaints);
    return { verb: 'Hangup' };
  },
};

function readConnect(element: Element, complaints: Complaint[]): Verb | null {
  const given = attributes(element, ConnectAttributes, complaints);
  const [stream, another] = readAll(element.children, { Stream: readStream }, complaints);
  if (another) complaints.push(schema('<Connect> takes one <Stream>'));
  if (!stream) complaints.push(schema('<Connect> without a usable <Stream> was skipped'));
  return given && stream ? { verb: 'Connect', ...given, stream } : null;
}

function readStream(element: Element, complaints: Complaint[]): StreamVerb | null {
  const given = attributes(element, StreamAttributes, complaints);
  if (!given) return null;
  const { track, ...stream } = given;
  if (track !== 'inbound_track') {
    complaints.push({ code: '31941', text: `<Connect><Stream> has no track ${track}` });
    return null;
  }
  const parameters = readAll(element.children, { Parameter: readParameter }, complaints);
  return { ...stream, parameters: Object.fromEntries(parameters) };
}

function readParameter(element: Element, complaints: Complaint[]): [string, string] | null {
  const given = attributes(element, ParameterAttributes, complaints);
  if (!given) return null;
  if (given.name.length + given.value.length >= 500) {
    complaints.push(schema(`<Parameter ${given.name}> has 500 characters or more`));
    return null;
  }
  return [given.name, given.value];
}
