/** What a caller wants to be passed on. */
export interface Message {
  readonly name: string;
  readonly number: string;
  readonly message: string;
}
