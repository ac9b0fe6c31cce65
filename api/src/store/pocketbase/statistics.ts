import type { StatisticsHealth, StatisticsStore } from '../statistics.ts';
import { type CallDeps, callRoute } from './call.ts';

export function createStatisticsStore(deps: CallDeps): StatisticsStore {
  return {
    async save(items) {
      await callRoute<{ config_version?: number }>(deps, 'statistics/save', { items });
    },
    async read(sites) {
      const answer = await callRoute<{ config_version?: number; items: StatisticsHealth[] }>(deps, 'statistics/read', {
        sites,
      });
      return answer.items;
    },
  };
}
