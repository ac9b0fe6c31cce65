import type { Response } from 'express';
import { sendJson } from './send-json.ts';

/** Answers with a record that can be changed, and its version, which If-Match takes (write-of.ts). */
export function sendRecord(response: Response, record: { updated: string }): void {
  response.setHeader('ETag', `"${record.updated}"`);
  sendJson(response, record);
}
