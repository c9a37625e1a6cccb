import type { Config } from './config.ts';

export const MEDIA_PATH = '/twilio/media';

/** This server's URLs as the carrier knows them: from the configuration, never from a request. */
export class PublicUrls {
  readonly #config: Pick<Config, 'publicUrl' | 'mediaUrl' | 'port'>;
  #port: number;

  constructor(config: Pick<Config, 'publicUrl' | 'mediaUrl' | 'port'>) {
    this.#config = config;
    this.#port = config.port;
  }

  /** The port that is listened on, where the configuration leaves it to the system. */
  listening(port: number): void {
    this.#port = port;
  }

  /** Under which requests may have been signed. Without a configured URL, this machine's names. */
  get bases(): readonly string[] {
    const { publicUrl } = this.#config;
    if (publicUrl !== null) return [publicUrl];
    return [`http://localhost:${this.#port}`, `http://127.0.0.1:${this.#port}`];
  }

  /** A URL of ours for the carrier. */
  of(path: string): string {
    return `${this.bases[0]}${path}`;
  }

  get media(): URL {
    return new URL(this.#config.mediaUrl ?? this.of(MEDIA_PATH).replace(/^http/, 'ws'));
  }
}
