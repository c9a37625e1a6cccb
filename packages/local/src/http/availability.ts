/** What a start-up table says of a server: whether it can be used, and what was found or what to do. */
export interface Availability {
  readonly available: boolean;
  readonly detail: string;
}
