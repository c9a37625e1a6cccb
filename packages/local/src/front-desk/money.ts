import type { Currency } from './profile.ts';

// A dollar is called a dollar where it is spent.
const SIGNS: Readonly<Record<Currency, string>> = {
  USD: '$',
  CAD: '$',
  AUD: '$',
  NZD: '$',
  EUR: '€',
  GBP: '£',
  CHF: 'CHF ',
};

/** '$120', '€45.50', 'CHF 30'; dollars where no currency is given. */
export function money(cents: number, currency: Currency = 'USD'): string {
  return `${SIGNS[currency]}${cents % 100 === 0 ? cents / 100 : (cents / 100).toFixed(2)}`;
}
