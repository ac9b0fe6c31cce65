import type { Schemas } from './schemas.ts';

/** A handshake has still to bring the source's secret: until then no event is taken. */
export function waitsForHandshake({
  secrets,
  verification_options,
}: Pick<Schemas['Source'], 'secrets' | 'verification_options'>): boolean {
  return secrets.length === 0 && Boolean(verification_options?.secret_from);
}
