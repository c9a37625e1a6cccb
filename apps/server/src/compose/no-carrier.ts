import { CallError, type Carrier } from '@earshot/calls';

/** Stands where no carrier can be asked: calls come in, and none go out. */
export const NO_CARRIER: Carrier = {
  dial: async () => {
    throw unavailable();
  },
  find: async () => null,
  lookUp: async () => null,
  // Its stream ends, and what the carrier then asks is answered by hanging up.
  hangUp: async () => {},
  transfer: async () => {
    throw unavailable();
  },
  sendDigits: async () => {
    throw unavailable();
  },
};

function unavailable(): CallError {
  return new CallError('carrier-unavailable', 'There is no carrier: set TWILIO_ACCOUNT_SID');
}
