import { isCurrency } from '../../model/currencies.ts';
import { parseSmallJson } from './small-json.ts';

export interface Revenue {
  /** A decimal number, as it was written. */
  amount: string;
  /** ISO 4217. */
  currency: string;
}

const AMOUNT = /^-?\d{1,15}(?:\.\d{1,6})?$/;

/** An object, or JSON of one; what is none of an amount counts as no revenue, as in Plausible. */
export function readRevenue(given: unknown): Revenue | undefined {
  const value = typeof given === 'string' ? parseSmallJson(given) : given;
  if (typeof value !== 'object' || value === null) return undefined;
  const { amount, currency } = value as Record<string, unknown>;
  const text = String(amount).trim();
  if (typeof currency !== 'string' || !isCurrency(currency) || !AMOUNT.test(text)) return undefined;
  return { amount: text, currency };
}
