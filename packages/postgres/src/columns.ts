import { storable, storableText } from '@earshot/calls';
import { customType } from 'drizzle-orm/pg-core';

/** A moment: milliseconds since 1970 here, `timestamptz` there. */
export const moment = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  toDriver: (ms) => new Date(ms).toISOString(),
  fromDriver: (text) => Date.parse(text),
});

/** Text of any origin, as far as PostgreSQL can keep it. */
export const words = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: storableText,
});

/** JSON as it was given: unlike `jsonb`, `json` keeps the order of keys and all digits of numbers. */
export const document = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: (value) => JSON.stringify(storable(value)),
  fromDriver: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
});
