/** A number that can be bought. */
export interface FreeNumber {
  readonly phoneNumber: string;
  readonly country: string;
  readonly locality: string;
  readonly region: string;
}

interface Area {
  readonly code: string;
  readonly locality: string;
  readonly region: string;
}

interface Plan {
  readonly areas: readonly Area[];
  /** The numbers of an area: those that are reserved for fiction. */
  readonly number: (code: string, index: number) => string;
  readonly count: number;
  /** Whether Twilio wants an address and a regulatory bundle before it sells. */
  readonly regulated: boolean;
}

const area = (code: string, locality: string, region: string): Area => ({ code, locality, region });

/** 555-0120 to 555-0199; those below are the emulator's callees. */
const NANP = {
  number: (code: string, index: number) => `+1${code}55501${20 + index}`,
  count: 80,
  regulated: false,
};

const PLANS: Readonly<Record<string, Plan>> = {
  US: {
    ...NANP,
    areas: [
      area('202', 'Washington', 'DC'),
      area('206', 'Seattle', 'WA'),
      area('212', 'New York', 'NY'),
      area('312', 'Chicago', 'IL'),
      area('415', 'San Francisco', 'CA'),
      area('512', 'Austin', 'TX'),
      area('617', 'Boston', 'MA'),
    ],
  },
  CA: {
    ...NANP,
    areas: [
      area('416', 'Toronto', 'ON'),
      area('514', 'Montreal', 'QC'),
      area('604', 'Vancouver', 'BC'),
    ],
  },
  GB: {
    areas: [area('20', 'London', 'London')],
    number: (code, index) => `+44${code}79460${100 + index}`,
    count: 100,
    regulated: true,
  },
  AU: {
    areas: [area('2', 'Sydney', 'NSW'), area('3', 'Melbourne', 'VIC')],
    number: (code, index) => `+61${code}5550${1000 + index}`,
    count: 100,
    regulated: true,
  },
};

/** Every number for sale in a country, in order; null for a country without any. */
export function freeNumbers(country: string): readonly FreeNumber[] | null {
  const plan = Object.hasOwn(PLANS, country) ? PLANS[country] : undefined;
  if (!plan) return null;
  return plan.areas.flatMap(({ code, locality, region }) =>
    Array.from({ length: plan.count }, (_, index) => ({
      phoneNumber: plan.number(code, index),
      country,
      locality,
      region,
    })),
  );
}

export function allFreeNumbers(): readonly FreeNumber[] {
  return Object.keys(PLANS).flatMap((country) => freeNumbers(country) ?? []);
}

export function isRegulated(country: string): boolean {
  return PLANS[country]?.regulated ?? false;
}

/** The area code of a North American number. */
export function areaCodeOf({ phoneNumber, country }: FreeNumber): string {
  return country === 'US' || country === 'CA' ? phoneNumber.slice(2, 5) : '';
}
