/**
 * Stands in a message's `number` for the number that the caller is calling from. Who speaks need not
 * know it: whoever runs `take_message` knows the call.
 */
export const THIS_CALL = 'this call';

/** The error of `take_message` when `THIS_CALL` is no number, since the caller withholds it. */
export const NUMBER_WITHHELD =
  'The number of this call is withheld. Ask the caller for a number to call back.';
