import { doesNotKnow, firstFew, type Inquiry, listed, type Told } from './inquiry.ts';
import type { Profile, StaffMember } from './profile.ts';
import { contentStems, overlap, spokenWords } from './spoken-words.ts';
import { staffIn } from './tell-business.ts';

/** Somebody of the staff for what the caller asks about. */
interface Specialist {
  readonly member: StaffMember;
  /** The specialty that was asked about; null where it is the role. */
  readonly specialty: string | null;
}

/** Whose specialty or role the words wholly name. */
export function specialistIn({ staff }: Profile, stems: ReadonlySet<string>): Specialist | null {
  const isNamed = (text: string) => overlap(text, stems) === 1;
  for (const member of staff) {
    const specialty = member.specialties.find(isNamed);
    if (specialty !== undefined) return { member, specialty };
  }
  const member = staff.find(({ role }) => role !== undefined && isNamed(role));
  return member ? { member, specialty: null } : null;
}

/** 'Dr. Lee, our dentist, specializes in crowns.' */
export function specialized({ member: { name, role }, specialty }: Specialist): string {
  if (specialty === null) return `${name} is our ${role ?? ''}.`;
  return `${name}${role ? `, our ${role},` : ''} specializes in ${specialty}.`;
}

export function tellStaff({ profile, phrase, stems, turn }: Inquiry): Told {
  if (profile.staff.length === 0) return doesNotKnow(turn, 'who works here');
  const member = staffIn(profile, phrase);
  if (member === null) {
    const specialist = specialistIn(profile, stems);
    return { text: specialist?.specialty ? specialized(specialist) : tellTeam(profile, phrase) };
  }
  if (/ (?:is|are|will) .*(?:in|there|available|working|around|free) /.test(phrase)) {
    return {
      text: `I can't see who's in at the moment. Would you like to leave a message for ${member.name}?`,
      offersMessage: true,
    };
  }
  return { text: introduced(member) };
}

function tellTeam(profile: Profile, phrase: string): string {
  const words = new Set(contentStems(spokenWords(phrase)));
  const does = profile.staff.filter(({ role = '', specialties }) =>
    [role, ...specialties].some((text) => overlap(text, words) >= 0.5),
  );
  const shown = does.length > 0 ? does : profile.staff;
  const names = shown.map(({ name, role }) => (role ? `${name}, our ${role}` : name));
  const more = names.length > 3 ? ' Who are you looking for?' : '';
  return names.length > 1 && names.length <= 3
    ? `We have ${names.join('; ').replace(/; ([^;]*)$/, '; and $1')}.`
    : `We have ${firstFew(names)}.${more}`;
}

function introduced({ name, role, specialties }: StaffMember): string {
  const is = role ? `${name} is our ${role}.` : `${name} works here.`;
  return specialties.length > 0 ? `${is} The specialty is ${listed(specialties.slice(0, 3))}.` : is;
}
