import type { Finding } from '../carrier/call-observer.ts';

/** What a person can do about a call that did not come about. */
export function explainFailure(findings: readonly Finding[], url: string): string {
  const finding = findings.find(({ level }) => level === 'error');
  if (!finding) return `The call to ${url} failed.`;
  return `${finding.code}: ${finding.text}\n${advice(finding, url)}`;
}

function advice({ code, text }: Finding, url: string): string {
  if (text.includes('no answer within')) {
    return 'The server is too busy or stuck: see what its terminal says.';
  }
  if (code === '11205') {
    return `Nothing listens at ${new URL(url).origin}. Start the server in another terminal with: npm start\nor name another one with --url.`;
  }
  if (code === '11210') return 'Check the address given with --url.';
  if (/HTTP 40[013]\b/.test(text)) {
    return 'The server refused the signature: TWILIO_AUTH_TOKEN must be the same for both, and the\nserver’s BASE_URL must be the address used here.';
  }
  if (/HTTP 404\b/.test(text)) {
    return 'There is no voice webhook at this address; ours is at /twilio/voice.';
  }
  if (/HTTP 5\d\d\b/.test(text)) return 'The server failed: see what its terminal says.';
  return 'The server answered, but not with TwiML that can be followed.';
}
