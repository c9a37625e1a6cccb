import { levelDbfs } from '@earshot/audio';
import type { CallEvent } from '../carrier/call-observer.ts';
import type { Watch } from './story-server.ts';

const VOICE_DBFS = -45;
/** By then the recognizer is at work on what was said. */
const PAUSED_MS = 180;
/** In the middle of a turn. */
const SPEAKING_MS = 400;

export type Moment = 'caller-speaks' | 'caller-pauses' | 'agent-speaks';

/** Tells moments of a call, numbered by the caller's turns. */
export function moments(tell: (moment: Moment, turn: number) => void): Watch {
  let turn = 0;
  let [voicedMs, quietMs] = [0, 0];
  const hear = (loud: boolean) => {
    if (loud && quietMs >= PAUSED_MS) voicedMs = 0;
    quietMs = loud ? 0 : quietMs + 20;
    voicedMs += loud ? 20 : 0;
    if (loud && voicedMs === 20) turn += 1;
    if (loud && voicedMs === SPEAKING_MS) tell('caller-speaks', turn);
    if (!loud && quietMs === PAUSED_MS && voicedMs > 0) tell('caller-pauses', turn);
  };
  return (event: CallEvent) => {
    if (event.type === 'frame') hear(levelDbfs(event.caller) > VOICE_DBFS);
    if (event.type === 'agent-sound-started') tell('agent-speaks', turn);
  };
}
