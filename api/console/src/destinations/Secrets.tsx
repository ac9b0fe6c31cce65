import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { faultOf } from '../app/faults.ts';
import { usePatch } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { ExactTime } from '../ui/Time.tsx';
import { makeSecret, OVERLAP_MS } from './make-secret.ts';

/** The signing secrets of an endpoint, masked; a new one is shown once. */
export function Secrets({ destination }: { destination: Schemas['Destination'] }) {
  const { id, name, secrets = [], secrets_overlap_until = '' } = destination;
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<string>();
  const patch = usePatch('destinations', id);
  const mayWrite = useMayWrite();
  const rotate = () => {
    const secret = makeSecret();
    const until = new Date(Date.now() + OVERLAP_MS).toISOString();
    patch.mutate(
      { secrets: [secret, ...secrets.slice(0, 1)], secrets_overlap_until: secrets.length > 0 ? until : '' },
      {
        onSuccess: () => {
          setMade(secret);
          setAsking(false);
        },
      },
    );
  };
  return (
    <>
      {secrets.length === 0 ? (
        <p>Requests are not signed: there is no secret.</p>
      ) : (
        <p>
          Requests are signed with <code>{secrets[0]}</code>
          {secrets.length > 1 && (
            <>
              {' and with '}
              <code>{secrets[1]}</code>
              {secrets_overlap_until !== '' && (
                <>
                  {' until '}
                  <ExactTime at={secrets_overlap_until} />
                </>
              )}
            </>
          )}
          .
        </p>
      )}
      {made !== undefined && <SecretOnce secret={made} name="new signing secret" />}
      {mayWrite && (
        <div>
          <Button icon="retry" onClick={() => setAsking(true)}>
            {secrets.length === 0 ? 'Make a secret' : 'Rotate the secret'}
          </Button>
        </div>
      )}
      {asking && (
        <Confirm
          title="A new signing secret"
          action={secrets.length === 0 ? 'Make a secret' : 'Rotate the secret'}
          pending={patch.isPending}
          fault={patch.error ? faultOf(patch.error) : undefined}
          onConfirm={rotate}
          onClose={() => setAsking(false)}
        >
          <p>
            {secrets.length === 0
              ? `From now on requests to ${name} are signed.`
              : `For 24 hours requests to ${name} carry both signatures, so that its receiver can change over; then the new one only.`}
          </p>
        </Confirm>
      )}
    </>
  );
}
