import { type AudioFrame, durationMs } from '@earshot/audio';
import type { AgentMemory } from './agent-memory.ts';
import { type CallerTurn, endsInKeys } from './caller-turn.ts';
import type { CascadeOptions } from './cascade-options.ts';
import { Channel } from './channel.ts';
import { isFragment } from './complete-by-words.ts';
import { Dialogue } from './dialogue.ts';
import { EarlyAnswer } from './early-answer.ts';
import { completeness, patience } from './endpointing.ts';
import { nextFloor } from './floor.ts';
import { type Floor, type FloorEvent, type FloorInput, OPEN } from './floor-state.ts';
import { Guards } from './guards.ts';
import type { Understanding } from './hearing.ts';
import { InOrder } from './in-order.ts';
import { DEFAULT_LINES, type Lines } from './lines.ts';
import { Listening } from './listening.ts';
import { meaning } from './meaning.ts';
import type { AgentEvent, CallAgent, Heard, Recognition, VoiceStream } from './ports.ts';
import type { Reply } from './reply.ts';
import { Speaking } from './speaking.ts';
import { SpeechCache } from './speech-cache.ts';
import { DEFAULT_VAD, type VadConfig } from './vad-config.ts';
import { VoiceActivity } from './voice-activity.ts';
import { VoiceTold } from './voice-told.ts';

/** A reply is begun ahead of the floor when the turn is at least this likely to be complete. */
const WORTH_PREPARING = 0.5;

/** An agent made of recognizer, language model and synthesizer. Time passes with the frames it hears. */
export class CascadeAgent implements CallAgent {
  readonly #events = new Channel<AgentEvent>();
  readonly #lines: Lines;
  readonly #vad: VadConfig;
  readonly #voice: VoiceStream;
  readonly #activity: VoiceActivity;
  readonly #listening: Listening;
  readonly #dialogue: Dialogue;
  readonly #speaking: Speaking;
  readonly #guards: Guards;
  readonly #voiceTold = new VoiceTold((what) => this.#events.push({ type: 'voice', what }));
  readonly #frames = new InOrder<readonly [AudioFrame, number]>(
    ([frame, probability]) => this.#frameHeard(frame, probability),
    () => this.#events.push({ type: 'lost', reason: 'agent-failed' }),
  );
  #floor: Floor = OPEN;
  #clockMs = 0;
  readonly #early = new EarlyAnswer();

  constructor(options: CascadeOptions) {
    const { engines, lines, tools = [], vad, cache, earlier = null } = options;
    this.#lines = { ...DEFAULT_LINES, ...lines };
    this.#vad = { ...DEFAULT_VAD, ...vad };
    this.#voice = engines.voiceDetector.open();
    this.#activity = new VoiceActivity(this.#vad);
    this.#listening = new Listening(engines, this.#vad.prefixPaddingMs, this.#understood);
    this.#dialogue = new Dialogue(options);
    this.#speaking = new Speaking({
      models: [engines.languageModel, engines.fallbackModel].filter((model) => model !== undefined),
      synthesizer: engines.synthesizer,
      cache: cache ?? new SpeechCache(),
      lines: this.#lines,
      tools,
      dialogue: this.#dialogue,
      now: () => this.#clockMs,
      emit: (event) => this.#events.push(event),
      onTaken: () => this.#commitTurn(),
      onAudible: (reply) => this.#replyStarted(reply),
      onHeard: (words) => this.#replyHeard(words),
    });
    this.#guards = new Guards(this.#lines, this.#speaking, options.maxDurationMs, earlier);
    this.#speaking.say(this.#lines.greeting);
  }

  get #turn(): CallerTurn {
    return this.#listening.turn;
  }

  hear(frame: AudioFrame): void {
    this.#frames.add(this.#voice.hear(frame), (probability) => [frame, probability]);
  }

  press(digit: string): void {
    if (this.#guards.over) return;
    this.#turn.press(digit);
    this.#step({ type: 'key' });
  }

  say(line: string): boolean {
    return this.#guards.announce(line);
  }

  get memory(): AgentMemory {
    return { ...this.#dialogue.kept, ...this.#guards.kept };
  }

  heard(heard: Heard): void {
    this.#speaking.heard(heard);
  }

  events(signal: AbortSignal): AsyncIterable<AgentEvent> {
    return this.#events.until(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#events.close();
    this.#listening.close();
    this.#voice[Symbol.dispose]();
    await this.#speaking.close();
  }

  #frameHeard(frame: AudioFrame, probability: number): void {
    const ms = durationMs(frame);
    this.#clockMs += ms;
    this.#listening.hear(frame);
    const heard = this.#activity.hear(probability, frame.samples, ms);
    this.#voiceTold.hear(heard.voiced);
    if (heard.voiced) this.#turn.endMs = this.#clockMs;
    // The last goodbye is not argued with.
    if (!this.#guards.over) this.#step({ type: 'frame', ...heard });
    this.#guards.pass(ms, this.#floor);
  }

  #step(input: FloorInput): void {
    const [floor, ...events] = nextFloor(this.#floor, input);
    if (floor.at === 'caller' && this.#floor.at !== 'caller') this.#listening.begin(this.#clockMs);
    this.#floor = floor;
    for (const event of events) {
      this.#voiceTold.follow(event);
      this.#follow(event);
    }
  }

  #follow(event: FloorEvent): void {
    switch (event) {
      case 'voice-started':
        this.#guards.callerSpeaks();
        this.#listening.keepWords();
        this.#listening.begin(this.#clockMs);
        return;
      case 'pausing':
        this.#listening.judgeSound();
        return;
      case 'paused':
        this.#listening.recognize(this.#dialogue.expectation);
        return;
      case 'still-paused':
        // A fragment that did not sound whole at once is not believed for the silence that follows it.
        if (!isFragment(this.#turn.text, this.#dialogue.expectation)) this.#listening.judgeSound();
        return;
      case 'speaking-on':
        this.#listening.goOn();
        this.#speaking.drop();
        return;
      case 'turn-ended':
        if (endsInKeys(this.#turn.text) || !this.#answerLate(this.#turn))
          this.#speaking.answer(this.#turn.settle());
        return;
      case 'barge-in':
        this.#events.push({ type: 'barge-in' });
        return;
      case 'barge-in-withdrawn':
        this.#events.push({ type: 'backchannel', text: this.#turn.text });
        this.#listening.forget();
        if (!this.#speaking.resume()) this.#step({ type: 'nothing-to-resume' });
        return;
      case 'left-alone':
        this.#events.push({ type: 'backchannel', text: this.#turn.text });
        this.#early.keep(this.#turn);
        this.#listening.forget();
        return;
      case 'nothing-said':
        this.#listening.forget();
    }
  }

  /** A slow recognizer is no reason to ask again: its words are waited for. False when there are none to come. */
  #answerLate(turn: CallerTurn): boolean {
    const pending = this.#listening.pendingWords();
    if (pending === null) return false;
    turn.awaited = true;
    const promptOf = (heard: Recognition) => {
      this.#listening.took(heard);
      this.#guards.wordsCame();
      if (heard.text !== '' || turn.text === '') turn.understood(heard, 'words');
      return this.#dialogue.prompt(turn.text);
    };
    const known = pending.recognition.then((heard) => {
      // Until a sound is heard of the answer, the caller may go on with this turn.
      if (turn === this.#turn) return () => promptOf(heard);
      const prompt = promptOf(heard);
      this.#commit(turn);
      this.#timed(turn, { languageModelMs: 0, synthesizerMs: 0 });
      return () => prompt;
    });
    this.#speaking.answerLate({ known, giveUp: pending.abort });
    this.#guards.askPatience();
    return true;
  }

  readonly #understood = (understanding: Understanding): void => {
    if (this.#guards.over) return;
    const { recognition, completeBySound, soundPending } = understanding;
    this.#turn.answers ||= this.#speaking.asked;
    const words = this.#turn.understood(recognition, meaning(recognition, this.#turn, this.#floor));
    const caller = this.#floor.at === 'caller' ? this.#floor : null;
    if (words !== 'none') this.#events.push(this.#turn.told(false));
    const { text } = this.#turn;
    const habitMs = caller?.habitMs ?? 0;
    const { expectation } = this.#dialogue;
    const evidence = { text, completeBySound, soundPending, expectation, habitMs };
    if (words === 'words' && caller !== null) this.#speaking.discard();
    const turn = words === 'words' || (words === 'backchannel' && caller?.barging === false);
    if (caller !== null && turn && completeness(evidence) >= WORTH_PREPARING)
      this.#speaking.prepare(text);
    this.#step({ type: 'understood', words, patienceMs: patience(evidence, this.#vad) });
    if (this.#floor.at === 'owed' && words === 'words') this.#speaking.reconsider(text);
  };

  /** The reply acts or sounds: what the caller said before it can no longer be taken back. */
  #commitTurn(): void {
    const { text, awaited } = this.#turn;
    if (text !== '' && !awaited) this.#commit(this.#turn);
    if (text !== '' || awaited) this.#listening.forget();
  }

  #commit(turn: CallerTurn): void {
    this.#guards.callerAnswered();
    this.#events.push(turn.told(true));
    this.#dialogue.add({ speaker: 'caller', text: turn.text });
  }

  #replyStarted(reply: Reply): void {
    this.#timed(this.#turn, reply.timing);
    this.#step({ type: 'reply-started' });
  }

  #timed({ endMs }: CallerTurn, reply: Reply['timing']): void {
    const timing = { pauseMs: this.#clockMs - endMs, ...this.#listening.timing, ...reply };
    this.#events.push({ type: 'reply-timed', timing });
  }

  /** A question answered before it was quite over needs no second answer. */
  #replyHeard(words: string): void {
    this.#step({ type: 'reply-heard' });
    const early = this.#early.take(words, this.#clockMs);
    if (early === null) return;
    this.#listening.turn = early;
    this.#step({ type: 'answered' });
  }
}
