import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** 256 random bits, in 43 characters of base64url. */
export const newToken = (): string => randomBytes(BYTES).toString('base64url');

/** What is stored of a token: SHA-256, in hex. Whoever reads it can't tell the token. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
