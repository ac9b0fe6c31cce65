import type { Fault } from '../ui/ErrorNote.tsx';
import { ApiFault } from './client.ts';

/** What went wrong, for people. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof ApiFault) {
    const { problem, message } = thrown;
    return { title: problem?.title ?? 'Unexpected answer', detail: message, correlationId: problem?.correlation_id };
  }
  if (thrown instanceof TypeError) {
    return {
      title: 'No answer',
      detail: 'The API did not answer. Check your connection; what you typed is kept, so you can try again.',
    };
  }
  return { title: 'The console has a fault', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
