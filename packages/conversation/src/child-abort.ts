/**
 * A controller that is aborted with its parent. Abort it when its work is over, so that the parent
 * forgets it. (`AbortSignal.any` does the same, but looking at a composed signal costs a hundred
 * times as much, and the signals of a line are looked at for each frame.)
 */
export function childAbort(parent: AbortSignal): AbortController {
  const child = new AbortController();
  if (parent.aborted) child.abort(parent.reason);
  const { signal } = child;
  parent.addEventListener('abort', () => child.abort(parent.reason), { once: true, signal });
  return child;
}
