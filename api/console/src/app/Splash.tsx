import { ErrorNote } from '../ui/ErrorNote.tsx';
import { faultOf } from './faults.ts';

/** Before it is known who is there: nothing, or why that can't be known. */
export function Splash({ fault, onRetry }: { fault: unknown; onRetry: () => void }) {
  if (!fault) return null;
  return (
    <main style={{ maxWidth: 560, margin: '20vh auto', padding: 16 }}>
      <ErrorNote fault={faultOf(fault)} onRetry={onRetry} />
    </main>
  );
}
