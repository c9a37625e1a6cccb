import type { FloorEvent } from './floor-state.ts';
import type { VoiceEvent } from './ports.ts';

/** Tells when voice was detected, and when the caller was taken to begin and to stop speaking. */
export class VoiceTold {
  readonly #tell: (what: VoiceEvent) => void;
  #voiced = false;
  #speaking = false;

  constructor(tell: (what: VoiceEvent) => void) {
    this.#tell = tell;
  }

  hear(voiced: boolean): void {
    if (voiced && !this.#voiced) this.#tell('detected');
    this.#voiced = voiced;
  }

  follow(event: FloorEvent): void {
    switch (event) {
      case 'voice-started':
      case 'barge-in':
        this.#start();
        return;
      case 'turn-ended':
      case 'nothing-said':
      case 'barge-in-withdrawn':
        this.#end();
        return;
      case 'left-alone':
        this.#start();
        this.#end();
        return;
      default:
    }
  }

  #start(): void {
    if (!this.#speaking) this.#tell('started');
    this.#speaking = true;
  }

  #end(): void {
    if (this.#speaking) this.#tell('ended');
    this.#speaking = false;
  }
}
