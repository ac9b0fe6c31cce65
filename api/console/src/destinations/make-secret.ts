/** How long requests carry the signature of the old secret too. */
export const OVERLAP_MS = 24 * 60 * 60 * 1_000;

const SECRET_BYTES = 32;

/** A secret as Standard Webhooks writes them: whsec_ and 24 to 64 random bytes in base64. */
export function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
