/** What the host tells an engine process. */
export type ToEngine =
  /** Once, first. */
  | { readonly type: 'open'; readonly options: unknown }
  | {
      readonly type: 'request';
      readonly id: number;
      readonly kind: string;
      readonly input: unknown;
    }
  | { readonly type: 'cancel'; readonly id: number };

/** What an engine process tells its host. */
export type FromEngine =
  /** Loaded and warm. */
  | { readonly type: 'ready'; readonly loadMs: number }
  /** One piece of a streamed answer. */
  | { readonly type: 'part'; readonly id: number; readonly part: unknown }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly output: unknown;
      readonly engineMs: number;
    }
  | { readonly type: 'refused'; readonly id: number; readonly message: string };

/** null for what no engine of ours says: the process may print or send anything. */
export function parseFromEngine(message: unknown): FromEngine | null {
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  switch (message.type) {
    case 'ready':
      return 'loadMs' in message ? (message as FromEngine) : null;
    case 'part':
    case 'done':
    case 'refused':
      return 'id' in message && typeof message.id === 'number' ? (message as FromEngine) : null;
    default:
      return null;
  }
}
