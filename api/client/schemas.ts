import type { components, paths } from '../contract/generated/types.ts';

export type { paths };

/** What the API takes and answers, by the names of the contract: `Schemas['Event']`. */
export type Schemas = components['schemas'];
