/** The API of the server that is called. */
export interface ServerApi {
  /** Any address of the server. */
  readonly base: string;
  /** A server with keys tells the words of calls to nobody without one. */
  readonly apiKey?: string | undefined;
}

/** What shows the server who asks. */
export function keyHeaders({ apiKey }: ServerApi): Record<string, string> {
  return apiKey === undefined || apiKey === '' ? {} : { 'X-API-Key': apiKey };
}
