import { useMutation } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { Button } from '../ui/Button.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Json } from '../ui/Json.tsx';
import { Mark } from '../ui/Mark.tsx';
import { useApi } from './api.ts';
import { faultOf } from './faults.ts';
import { useMayWrite } from './session.tsx';
import css from './TestButton.module.css';

/** Sends a test event to a destination now, and shows what came of it; nothing for viewers. Nothing is stored. */
export function TestButton({ id }: { id: string }) {
  const api = useApi();
  const test = useMutation({
    mutationFn: () => api.post('/api/v1/destinations/{id}/test', { params: { path: { id } } }),
  });
  if (!useMayWrite()) return null;
  return (
    <div className={css.test}>
      <div>
        <Button icon="play" pending={test.isPending} onClick={() => test.mutate()}>
          Send test event
        </Button>
      </div>
      {test.error && <ErrorNote fault={faultOf(test.error)} />}
      {test.data && <Outcome attempt={test.data} />}
    </div>
  );
}

function Outcome({ attempt }: { attempt: Schemas['Attempt'] }) {
  const { outcome, status, duration_ms, error, response_body } = attempt;
  const good = outcome === 'success';
  return (
    <div role="status" className={css.test}>
      <p>
        <Mark tone={good ? 'green' : 'red'} icon={good ? 'check' : 'failed'}>
          {status === 0 ? 'No answer' : `Answered ${status}`} after {Math.round(duration_ms)} ms
        </Mark>
      </p>
      {error && <p>{error}</p>}
      {response_body && <Json label="Response body" text={response_body} />}
    </div>
  );
}
