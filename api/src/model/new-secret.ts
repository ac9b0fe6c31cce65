/** The dashboard's forms make secrets by the same functions, so nothing here is Node's own. */

export type RandomBytes = (size: number) => Uint8Array;

const SECRET_BYTES = 32;

export function hexSecret(randomBytes: RandomBytes): string {
  return Array.from(randomBytes(SECRET_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Standard Webhooks, "Signature scheme". */
export function standardWebhooksSecret(randomBytes: RandomBytes): string {
  return `whsec_${btoa(String.fromCharCode(...randomBytes(SECRET_BYTES)))}`;
}
