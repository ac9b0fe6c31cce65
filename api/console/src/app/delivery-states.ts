import type { Schemas } from '../../../client/schemas.ts';

export type DeliveryState = Schemas['DeliveryState'];

/** As people meet them. */
export const DELIVERY_STATES: readonly DeliveryState[] = [
  'pending',
  'delivering',
  'held',
  'delivered',
  'dead',
  'expired',
  'cancelled',
];

/** The state that a text of a URL means; undefined: any. */
export function deliveryState(text: string | undefined): DeliveryState | undefined {
  return DELIVERY_STATES.find((state) => state === text);
}
