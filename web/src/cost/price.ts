import { call } from '../api/client.ts';
import { sizeOf } from '../compute/spec.ts';

/** What nodes cost per hour, by their types; of types that are not there nothing is said. */
export interface PriceList {
  currency: string;
  prices: Record<string, number>;
}

export interface Range {
  min: number;
  max: number;
}

export const loadPrices = (): Promise<PriceList> => call<PriceList>('/api/campanile/v1/usage/prices');

/** What a cluster of these settings costs per hour, with as many workers as it may have; null: nothing is said of it. */
export function priceOf(spec: Record<string, unknown>, list: PriceList): Range | null {
  const type = String(spec['node_type_id'] ?? '');
  const driver = list.prices[String(spec['driver_node_type_id'] ?? '') || type] ?? 0;
  const worker = list.prices[type] ?? 0;
  const size = sizeOf(spec);
  const workers =
    size.kind === 'scaled'
      ? { min: size.min, max: size.max }
      : { min: size.kind === 'fixed' ? size.workers : 0, max: size.kind === 'fixed' ? size.workers : 0 };
  const range = { min: driver + workers.min * worker, max: driver + workers.max * worker };
  return range.max > 0 ? range : null;
}

/** Cents, and of what is less than ten of them as many digits as say something. */
export function money(amount: number, currency: string): string {
  const small = amount !== 0 && Math.abs(amount) < 0.1;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: 2,
    maximumFractionDigits: small ? 6 : 2,
    ...(small ? { maximumSignificantDigits: 2 } : {}),
  })
    .format(amount)
    .replace(/\u00a0/g, ' ');
}

export function perHour({ min, max }: Range, currency: string): string {
  return max > min ? `${money(min, currency)} to ${money(max, currency)}` : money(min, currency);
}
