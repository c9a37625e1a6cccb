/** A grammar that cannot be heard by; says where. */
export class GrammarError extends Error {
  override readonly name = 'GrammarError';
  readonly code = 'bad-grammar';
}
