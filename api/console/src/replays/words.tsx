import type { Schemas } from '../../../client/schemas.ts';
import { RecordName } from '../app/names.tsx';
import { type Look, Mark } from '../ui/Mark.tsx';

type Job = Schemas['ReplayJob'];

const LOOKS: Record<Job['state'], Look> = {
  pending: { tone: 'amber', icon: 'clock' },
  running: { tone: 'accent', icon: 'arrow' },
  paused: { tone: 'amber', icon: 'pause' },
  completed: { tone: 'green', icon: 'check' },
  cancelled: { tone: 'grey', icon: 'ban' },
  failed: { tone: 'red', icon: 'failed' },
};

export function ReplayMark({ state }: { state: Job['state'] }) {
  return <Mark {...LOOKS[state]}>{state}</Mark>;
}

export function isUnderWay({ state }: Pick<Job, 'state'>): boolean {
  return state === 'pending' || state === 'running';
}

export const MODES: Record<Job['mode'], string> = {
  original: 'The bytes of the first deliveries',
  current: 'By the rules of today',
};

/** It has not ended: it may go on. */
export function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return state === 'paused' || isUnderWay({ state });
}

/** Which events go where again: "github to billing, those that are dead". */
export function Selection({ job, plain = false }: { job: Job; plain?: boolean }) {
  const { source, destination, status, only_missing } = job;
  return (
    <span>
      {source ? <RecordName id={source} plain={plain} /> : 'every source'}
      {' to '}
      {destination ? <RecordName id={destination} plain={plain} /> : 'every destination'}
      {status && `, those that are ${status}`}
      {only_missing && ', only what is missing'}
    </span>
  );
}

export function count(number: number): string {
  return number.toLocaleString('en');
}

/** "1 delivery", "1,200 deliveries". */
export function deliveriesText(number: number): string {
  return `${count(number)} ${number === 1 ? 'delivery' : 'deliveries'}`;
}
