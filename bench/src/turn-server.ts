import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { AudioFrame } from '@earshot/audio';
import {
  type Agent,
  CascadeAgent,
  type CascadeEngines,
  converse,
  DEFAULT_LINES,
  type LanguageModel,
  type Recognizer,
  SpeechCache,
  type Synthesizer,
} from '@earshot/conversation';
import {
  FrontDesk,
  findPiper,
  findWhisper,
  PiperSynthesizer,
  SileroVoiceDetector,
  SmartTurn,
  WhisperRecognizer,
} from '@earshot/local';
import { PacingClock, TwilioLine } from '@earshot/twilio';
import { serveCalls } from './call-server.ts';
import { SerialAgent } from './serial-agent.ts';
import { tone } from './tone.ts';
import { readUtterables } from './turn-audio.ts';
import { PRACTICE } from './turn-practice.ts';
import { KnowingRecognizer } from './turn-recognizer.ts';

const PIECE_S = 0.2;
const SAMPLE_RATE = 8000;

const text = { type: 'string' } as const;
const { values: flags } = parseArgs({
  options: {
    port: text,
    /** 'cascade', or 'serial' for the plain pipeline. */
    agent: { ...text, default: 'cascade' },
    /** Folders of utterances whose words are known, as JSON. */
    audio: { ...text, default: '[]' },
    /** File of `WordsByName`. */
    words: text,
    /** Length of every reply of the engines that cost nothing. */
    'reply-seconds': { ...text, default: '2' },
    /** With this, Whisper, the front desk and Piper answer, from models in this folder. */
    models: text,
    /** The front desk's usual lines are spoken when they are asked for, as if nobody had prepared them. */
    unprepared: { type: 'boolean', default: false },
  },
});

const opening = new AbortController();
process.once('SIGTERM', () => opening.abort());
const clock = new PacingClock();
const cache = new SpeechCache();
await using engines = new AsyncDisposableStack();
const ears = {
  voiceDetector: engines.use(await SileroVoiceDetector.open(opening.signal)),
  endOfTurn: engines.use(await SmartTurn.open(opening.signal)),
};
const answering: CascadeEngines = { ...ears, ...(await answeringEngines()) };
// Set lines are made once for all calls of a server.
const setLines = [
  ...Object.values(DEFAULT_LINES).flat(),
  ...(flags.unprepared ? [] : (answering.languageModel.usualLines ?? [])),
];
await cache.prepare(answering.synthesizer, setLines, opening.signal);

/** Answers calls like any server of ours; every turn is the first, so that the same words get the same answer. */
await serveCalls(async (socket, { socket: transport }, signal) => {
  await using line = await TwilioLine.accept(socket, { clock, transport }, signal);
  await using agent = newAgent();
  await converse(line, agent, () => {}, signal);
});

function newAgent(): Agent {
  if (flags.agent === 'serial') return new SerialAgent(answering);
  return new CascadeAgent({ engines: answering, system: '', lines: { greeting: '' }, cache });
}

interface Answering {
  readonly recognizer: Recognizer;
  readonly languageModel: LanguageModel;
  readonly synthesizer: Synthesizer;
}

async function answeringEngines(): Promise<Answering> {
  if (!flags.models) return freeEngines();
  const [whisper, piper] = [findWhisper(flags.models, 'tiny.en'), findPiper(flags.models, '')];
  if (!whisper || !piper) throw new Error(`${flags.models} lacks a Whisper model or a Piper voice`);
  const desk = new FrontDesk(PRACTICE);
  return {
    recognizer: engines.use(await WhisperRecognizer.open(whisper, {}, opening.signal)),
    synthesizer: engines.use(await PiperSynthesizer.open(piper, {}, opening.signal)),
    languageModel: {
      usualLines: desk.usualLines,
      reply: (prompt, signal) =>
        desk.reply({ ...prompt, turns: prompt.turns.slice(-1), memory: null }, signal),
    },
  };
}

/** Words, reply and speech at once. */
function freeEngines(): Answering {
  const folders: string[] = JSON.parse(flags.audio);
  const words = JSON.parse(readFileSync(flags.words ?? '', 'utf8'));
  const seconds = Number(flags['reply-seconds']);
  const piece: AudioFrame = { samples: tone(300, SAMPLE_RATE, PIECE_S), sampleRate: SAMPLE_RATE };
  return {
    recognizer: new KnowingRecognizer(folders.flatMap(readUtterables), words),
    languageModel: {
      async *reply() {
        yield { type: 'text', text: 'Certainly I can help you with that.' };
      },
    },
    synthesizer: {
      voice: 'tone',
      async *synthesize() {
        for (let at = 0; at < seconds; at += PIECE_S) yield piece;
      },
    },
  };
}
