import type { ServerErrorCode } from './server-error.ts';

/** What a status other than 2xx means. `notFound` is what this server says 404 for. */
export function refusalCode(
  status: number,
  notFound: 'model-missing' | 'endpoint-missing',
): ServerErrorCode {
  if (status === 401 || status === 403) return 'key-rejected';
  if (status === 404) return notFound;
  if (status === 405) return 'endpoint-missing';
  if (status === 429 || status === 503) return 'server-busy';
  if (status === 408 || status === 504) return 'answer-timed-out';
  // 499: Ollama says so when it cancelled the work by itself.
  return status >= 500 || status === 499 ? 'server-failed' : 'request-rejected';
}

/** The text of `{"error": "…"}`, `{"error": {"message": "…"}}` or `{"detail": "…"}`; else ''. */
export function refusalText(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const said = 'error' in body ? body.error : 'detail' in body ? body.detail : '';
  if (typeof said === 'string') return said;
  const inner =
    typeof said === 'object' && said !== null && 'message' in said ? said.message : said;
  return typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? '');
}

/** undefined for what is no JSON. The parser's own error is not kept: it quotes the text. */
export function parseJson(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
