import type { OpenApiDocument } from '../http/openapi.ts';
import type { Clock } from '../model/ids.ts';
import type { Client } from './api/client.ts';
import type { Names } from './api/names.ts';
import type { Settings } from './settings.ts';
import type { Output } from './terminal/output.ts';

/** What every command uses. */
export interface CommandContext {
  settings: Settings;
  client: Client;
  names: Names;
  output: Output;
  now: Clock;
  /** The contract that this release was built with. */
  contract: () => OpenApiDocument;
  /** Print the result as JSON, for programs. */
  json: boolean;
}
