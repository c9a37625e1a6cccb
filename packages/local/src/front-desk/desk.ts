import type { LocalTime } from './opening-hours.ts';
import type { Profile } from './profile.ts';

/** Where the call is answered, and when. */
export interface Desk {
  readonly profile: Profile;
  readonly now: LocalTime;
}
