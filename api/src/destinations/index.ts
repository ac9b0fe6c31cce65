import type { DestinationTypeName } from '../model/configuration.ts';
import { discord } from './discord.ts';
import { http } from './http.ts';
import { inbox } from './inbox.ts';
import { ntfy } from './ntfy.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import type { DestinationType } from './type.ts';

export type { Answer, DefaultBodyInput, DestinationType, RenderedBody } from './type.ts';

export const DESTINATION_TYPES: Readonly<Record<DestinationTypeName, DestinationType>> = {
  http,
  discord,
  slack,
  teams,
  telegram,
  ntfy,
  inbox,
};
