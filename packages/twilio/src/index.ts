export type { LineCounts } from './line-counts.ts';
export type { LineFault } from './line-fault.ts';
export {
  clearMessage,
  type MediaMessage,
  markMessage,
  mediaMessage,
  parseMediaMessage,
} from './media-message.ts';
export { PacingClock, type Ticker } from './pacing-clock.ts';
export { answeredBy } from './rest/call-resource.ts';
export { TwilioCarrier, type TwilioCarrierOptions } from './rest/twilio-carrier.ts';
export { TwilioNumberDesk } from './rest/twilio-number-desk.ts';
export {
  type TwilioCredentials,
  TwilioRest,
  type TwilioRestOptions,
} from './rest/twilio-rest.ts';
export {
  type FormParameters,
  isSignedForm,
  isSignedJson,
  isSignedUpgrade,
  type SignedRequest,
  sign,
} from './signature.ts';
export { type CallStream, connectCall, isPass, issuePass } from './stream-pass.ts';
export type { StreamStart } from './stream-start.ts';
export { TwilioError, type TwilioErrorCode } from './twilio-error.ts';
export { TwilioLine, type TwilioLineOptions } from './twilio-line.ts';
export {
  connectStream,
  dial,
  hangup,
  inlineTwiml,
  pause,
  playDigits,
  redirect,
  reject,
  say,
  twiml,
  type Verb,
} from './twiml.ts';
