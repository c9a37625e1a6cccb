/**
 * Where Twilio asks how a call goes on. It tells our id of the call: whoever is asked can answer
 * without having seen the call before.
 */
export function wayBack(urlOf: (path: string) => string, callId: string): string {
  return urlOf(`/twilio/continue/${encodeURIComponent(callId)}`);
}
