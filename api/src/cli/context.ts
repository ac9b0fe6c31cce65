import type { Clock } from '../model/ids.ts';
import type { Client } from './client.ts';
import type { Names } from './names.ts';
import type { Output } from './output.ts';
import type { Settings } from './settings.ts';

/** What every command works with. */
export interface CommandContext {
  settings: Settings;
  client: Client;
  names: Names;
  output: Output;
  now: Clock;
  /** The result as JSON, for programs. */
  json: boolean;
}
