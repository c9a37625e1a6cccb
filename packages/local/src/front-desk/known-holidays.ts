/** A day that callers know by name. */
export interface KnownHoliday {
  /** As said to a caller. */
  readonly name: string;
  /** Finds it in a phrase of `spokenPhrase`. */
  readonly said: RegExp;
  /** 'MM-DD'; null where it moves from year to year or from country to country. */
  readonly date: string | null;
}

export const KNOWN_HOLIDAYS: readonly KnownHoliday[] = [
  day("New Year's Day", '01-01', 'new years?(?! eve)(?: day)?'),
  day("Valentine's Day", '02-14', 'valentines?(?: day)?'),
  day("Saint Patrick's Day", '03-17', '(?:saint|st) patricks?(?: day)?'),
  day('Independence Day', '07-04', '(?:fourth|4th) of july|july (?:fourth|4th|4)|independence day'),
  day('Halloween', '10-31', 'halloween'),
  day('Christmas Eve', '12-24', 'christmas eve'),
  day('Christmas Day', '12-25', 'christmas(?! eve)(?: day)?'),
  day('Boxing Day', '12-26', 'boxing day'),
  day("New Year's Eve", '12-31', 'new years? eve'),
  day('Easter Monday', null, 'easter monday'),
  day('Easter', null, 'easter(?! monday)(?: sunday)?'),
  day('Good Friday', null, 'good friday'),
  day('Thanksgiving', null, 'thanksgiving(?: day)?'),
  day('Memorial Day', null, 'memorial day'),
  day('Labor Day', null, 'labou?r day'),
  day('Veterans Day', null, 'veterans day'),
  day("Presidents' Day", null, 'presidents day'),
  day('Hanukkah', null, 'hanukkah'),
];

/** The known holidays that a phrase of `spokenPhrase` speaks of. */
export function knownHolidaysIn(phrase: string): readonly KnownHoliday[] {
  return KNOWN_HOLIDAYS.filter(({ said }) => said.test(phrase));
}

function day(name: string, date: string | null, words: string): KnownHoliday {
  return { name, date, said: new RegExp(` (?:${words}) `) };
}
