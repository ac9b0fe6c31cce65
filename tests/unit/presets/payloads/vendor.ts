import { createHmac } from 'node:crypto';

/** A request as a vendor's documentation shows it, shortened, and what its source finds in it. */
export interface VendorRequest {
  headers?: Record<string, string>;
  /** Put behind the source's URL. */
  query?: string;
  /** An object is sent as JSON. */
  body: object | string;
  /** The header fields of the signature, written down anew after the vendor's documentation; absent: it signs nothing. */
  sign?: (body: string) => Record<string, string>;
  /** How many events it holds; absent: it is one. What follows is about the first. */
  events?: number;
  type: string;
  key: string;
  data: Record<string, unknown>;
}

export type Vendors = Record<string, VendorRequest>;

export const SECRET = 'wh0ok-s3cret';
export const NOW = Date.UTC(2026, 0, 31, 12);
export const SECONDS = String(NOW / 1000);
export const MILLISECONDS = String(NOW);
export const ISO = '2026-01-31T12:00:00Z';
export const URL_OF_SOURCE = 'https://hooks.example.com/ingest/x';

export const hex = (text: string, algorithm = 'sha256') => createHmac(algorithm, SECRET).update(text).digest('hex');
export const base64 = (text: string, algorithm = 'sha256') =>
  createHmac(algorithm, SECRET).update(text).digest('base64');
