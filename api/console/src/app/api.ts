import { createContext, useContext } from 'react';
import type { ApiClient } from '../../../client/client.ts';

export const ApiContext = createContext<ApiClient | undefined>(undefined);

/** The typed client of the API. */
export function useApi(): ApiClient {
  const api = useContext(ApiContext);
  if (!api) throw new Error('There is no ApiContext around this.');
  return api;
}
