import { Router } from 'express';
import type { Schemas } from '../../client/schemas.ts';
import { defaultsOf, PRESETS } from '../presets/index.ts';
import type { CheckOperation } from './checked.ts';
import { sendJson } from './send-json.ts';

/** What is known about each vendor's webhooks, mounted at `/source-presets`. */
export function sourcePresetsRouter({ check }: { check: CheckOperation }): Router {
  const asked = check('listSourcePresets');
  const data = [...PRESETS].map(([name, preset]): Schemas['SourcePreset'] => {
    const { title, docs, verification, verification_options = null, secret, secret_by } = preset;
    const {
      event_type,
      dedupe_key,
      split,
      extract,
      handshake = '',
      answer = null,
    } = defaultsOf({ preset: name, verification });
    const verified = { verification, verification_options: verification_options as Record<string, never> | null };
    return {
      name,
      title,
      docs,
      ...verified,
      secret,
      secret_by,
      event_type,
      dedupe_key,
      split,
      extract,
      handshake,
      answer,
    };
  });
  return Router().get('/', (request, response) => {
    asked(request);
    sendJson(response, { data } satisfies Schemas['SourcePresets']);
  });
}
