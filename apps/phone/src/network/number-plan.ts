export const NUMBER_TYPES = ['local', 'tollfree', 'mobile'] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** A number that can be bought. */
export interface FreeNumber {
  readonly type: NumberType;
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
  readonly type: NumberType;
  /** The numbers of an area: those that are reserved for fiction. */
  readonly number: (code: string, index: number) => string;
  readonly count: number;
}

/** Where Twilio wants an address and a regulatory bundle before it sells. */
const REGULATED = ['GB', 'AU'];

const area = (code: string, locality: string, region: string): Area => ({ code, locality, region });

/** 555-0120 to 555-0199; those below are the emulator's callees. */
const NANP = {
  number: (code: string, index: number) => `+1${code}55501${20 + index}`,
  count: 80,
};
const TOLL_FREE = {
  ...NANP,
  type: 'tollfree',
  areas: [area('800', '', ''), area('888', '', '')],
} as const;

const PLANS: Readonly<Record<string, readonly Plan[]>> = {
  US: [
    {
      ...NANP,
      type: 'local',
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
    TOLL_FREE,
  ],
  CA: [
    {
      ...NANP,
      type: 'local',
      areas: [
        area('416', 'Toronto', 'ON'),
        area('514', 'Montreal', 'QC'),
        area('604', 'Vancouver', 'BC'),
      ],
    },
    TOLL_FREE,
  ],
  GB: [
    {
      type: 'local',
      areas: [area('20', 'London', 'London')],
      number: (code, index) => `+44${code}79460${100 + index}`,
      count: 100,
    },
    {
      type: 'mobile',
      areas: [area('7700', '', '')],
      number: (code, index) => `+44${code}900${100 + index}`,
      count: 100,
    },
  ],
  AU: [
    {
      type: 'local',
      areas: [area('2', 'Sydney', 'NSW'), area('3', 'Melbourne', 'VIC')],
      number: (code, index) => `+61${code}5550${1000 + index}`,
      count: 100,
    },
  ],
};

/** Every number of a type for sale in a country, in order; null where there are none. */
export function freeNumbers(country: string, type: NumberType): readonly FreeNumber[] | null {
  const plans = Object.hasOwn(PLANS, country) ? (PLANS[country] ?? []) : [];
  const plan = plans.find((one) => one.type === type);
  if (!plan) return null;
  return plan.areas.flatMap(({ code, locality, region }) =>
    Array.from({ length: plan.count }, (_, index) => {
      const phoneNumber = plan.number(code, index);
      return { type, phoneNumber, country, locality, region };
    }),
  );
}

export function allFreeNumbers(): readonly FreeNumber[] {
  return Object.keys(PLANS).flatMap((country) =>
    NUMBER_TYPES.flatMap((type) => freeNumbers(country, type) ?? []),
  );
}

export function isRegulated(country: string): boolean {
  return REGULATED.includes(country);
}

/** The area code of a North American number. */
export function areaCodeOf({ phoneNumber, country }: FreeNumber): string {
  return country === 'US' || country === 'CA' ? phoneNumber.slice(2, 5) : '';
}
