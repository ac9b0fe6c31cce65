/** The sum of two decimal numbers, exactly; an empty one is none. */
export function addAmounts(a: string, b: string): string {
  if (a === '' || b === '') return a || b;
  const places = Math.max(placesOf(a), placesOf(b));
  const sum = scaled(a, places) + scaled(b, places);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return `${sum < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
}

function placesOf(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

function scaled(amount: string, places: number): bigint {
  return BigInt(amount.replace('.', '') + '0'.repeat(places - placesOf(amount)));
}
