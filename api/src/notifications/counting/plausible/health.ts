import type { StatisticsHealth } from '../../../store/statistics.ts';
import type { Answered } from './reader.ts';

/** How reading each site goes: when its visitors were read last, and the first problem of its questions. */
export function healthOf(answered: Iterable<Answered>): Map<string, StatisticsHealth> {
  const bySite = new Map<string, StatisticsHealth>();
  for (const { question, readAt, problem } of answered) {
    const { site } = question;
    const health = bySite.get(site) ?? { site, read_at: 0, problem: null };
    if (question.kind === 'visitors') health.read_at = Math.max(health.read_at, readAt);
    if (problem && !health.problem) {
      const { code, message, since, retryAt } = problem;
      const about = question.kind === 'completions' ? `goal ${question.goal.name}: ` : '';
      health.problem = { code, message: `${about}${message}`, since, retry_at: retryAt };
    }
    bySite.set(site, health);
  }
  return bySite;
}

/** Those that are news: another problem, or none any more, or a reading that is much newer than what was told. */
export function changedHealth(
  before: ReadonlyMap<string, StatisticsHealth>,
  after: ReadonlyMap<string, StatisticsHealth>,
): StatisticsHealth[] {
  return [...after.values()].filter((health) => {
    const told = before.get(health.site);
    if (!told) return health.read_at > 0 || health.problem !== null;
    return JSON.stringify(told.problem) !== JSON.stringify(health.problem) || health.read_at > told.read_at;
  });
}
