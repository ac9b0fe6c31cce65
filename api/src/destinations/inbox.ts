import { plainBody } from './http.ts';
import type { DestinationType } from './type.ts';

/** The built-in inspector: what would be sent is kept and shown. */
export const inbox: DestinationType = { sends: false, fit: plainBody };
