import type { DestinationTypeName } from '../model/configuration.ts';
import { discord } from './discord.ts';
import { http } from './http.ts';
import { inbox } from './inbox.ts';
import type { DestinationType } from './type.ts';

export type { Answer, DefaultBodyInput, DestinationType, RenderedBody } from './type.ts';

export const DESTINATION_TYPES: Readonly<Record<DestinationTypeName, DestinationType>> = { http, discord, inbox };
