/** Engines in processes of ours have a queue, in which each call has its place. */
export function forCall<T extends object>(engine: T, callId: string): T {
  return 'forCall' in engine && typeof engine.forCall === 'function'
    ? engine.forCall(callId)
    : engine;
}
