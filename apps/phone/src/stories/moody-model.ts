import {
  ScriptedOllamaServer,
  ScriptedOpenAiServer,
  type ScriptedPrompt,
  type ScriptedReply,
} from '@earshot/local/fakes';

const LONG = 'We have told this story to many callers, and it goes on and on and on. '.repeat(8);

const MESSAGE = { name: 'Thomas Wilson', number: '5553160924', message: 'Please call back.' };

/** Streams, refuses, stalls, fails in mid-stream, talks for long, uses tools: as the caller's words say. */
export function moodyReply({ words, body }: ScriptedPrompt): ScriptedReply {
  const { messages } = body as { messages: readonly { role: string }[] };
  if (messages.at(-1)?.role === 'tool') return { steps: ['I have passed it on. Anything else?'] };
  if (/saturday/i.test(words))
    return { steps: ['On Saturday the doors are open from ten. Come early.'], tokenMs: 60 };
  if (/whitening/i.test(words)) return { status: 500, body: '{"error":"out of memory"}' };
  if (/cleaning/i.test(words)) return { steps: [{ stall: true }] };
  if (/crown/i.test(words))
    return { steps: ['A crown begins at nine', { fail: 'out of memory' }], tokenMs: 60 };
  if (/hours/i.test(words)) return { steps: [LONG], tokenMs: 60 };
  if (/message/i.test(words))
    return { steps: ['Sure.', { call: { name: 'take_message', arguments: MESSAGE } }] };
  if (/no/i.test(words))
    return { steps: ['So long!', { call: { name: 'end_call', arguments: {} } }] };
  return { steps: ['Pardon?'] };
}

/** How many answers are being made when the words after the barge-in are asked for. */
class Generations {
  readonly atBargeIn: number[] = [];

  constructor(server: () => { readonly openAnswers: number }) {
    this.reply = (prompt) => {
      if (/message/i.test(prompt.words)) this.atBargeIn.push(server().openAnswers);
      return moodyReply(prompt);
    };
  }

  readonly reply: (prompt: ScriptedPrompt) => ScriptedReply;
}

export async function moodyOllama() {
  const generations = new Generations(() => server);
  const server: ScriptedOllamaServer = await ScriptedOllamaServer.open({
    reply: generations.reply,
  });
  return { server, generations, environment: { OLLAMA_BASE_URL: server.url } };
}

export async function moodyOpenAi() {
  const generations = new Generations(() => server);
  const options = { reply: generations.reply, apiKey: 'a-secret' };
  const server: ScriptedOpenAiServer = await ScriptedOpenAiServer.open(options);
  const environment = {
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: 'a-secret',
    OPENAI_MODEL: 'gpt-test',
  };
  return { server, generations, environment };
}
