import type { ServerError, ServerErrorClass, ServerErrorCode } from './server-error.ts';

export interface RemoteServerOptions {
  /** What messages call it, for example 'Ollama'. */
  readonly name: string;
  /** From the operator's configuration, never from a caller. User and password go into a header. */
  readonly baseUrl: string | URL;
  /** Sent as a bearer token. */
  readonly apiKey?: string | undefined;
  readonly errorClass: ServerErrorClass;
}

/** A model or speech server of the operator's: where it is, and how its failures are named. */
export class RemoteServer {
  /** As messages show it: without credentials. */
  readonly address: string;
  readonly isLocal: boolean;
  readonly #name: string;
  readonly #base: URL;
  readonly #authorization: string | null;
  readonly #errorClass: ServerErrorClass;

  constructor({ name, baseUrl, apiKey, errorClass }: RemoteServerOptions) {
    this.#name = name;
    this.#errorClass = errorClass;
    this.#base = parse(baseUrl, errorClass, name);
    this.#authorization = apiKey ? `Bearer ${apiKey}` : basic(this.#base);
    this.#base.username = '';
    this.#base.password = '';
    this.address = `${this.#base.origin}${this.#base.pathname.replace(/\/+$/, '')}`;
    this.isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(this.#base.hostname);
  }

  /** `path` begins with a slash and is appended to the base URL's own path. */
  url(path: string): URL {
    const url = new URL(`${this.address}${path}`);
    url.search = this.#base.search;
    return url;
  }

  get authorization(): Readonly<Record<string, string>> {
    return this.#authorization ? { authorization: this.#authorization } : {};
  }

  /** An error of this server: `what` goes on after "Ollama at http://127.0.0.1:11434 ". */
  failure(code: ServerErrorCode, what: string, serverSaid = ''): ServerError {
    const said = serverSaid.replaceAll(this.#secret() || '\0', '***').slice(0, 300);
    return new this.#errorClass(code, `${this.#name} at ${this.address} ${what}`, said);
  }

  #secret(): string {
    return this.#authorization?.split(' ')[1] ?? '';
  }
}

function parse(baseUrl: string | URL, errorClass: ServerErrorClass, name: string): URL {
  const url = URL.parse(String(baseUrl));
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new errorClass('base-url-invalid', `${name}: the base URL must begin with http(s)://`);
}

function basic({ username, password }: URL): string | null {
  if (!username && !password) return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
