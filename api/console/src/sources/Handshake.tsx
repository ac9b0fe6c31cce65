import { waitsForHandshake } from '../../../client/handshake.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { useChange, useRecord } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Section } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';

type Source = Schemas['Source'];

const EVERY_MS = 2_000;

/** Of a source whose secret the vendor sends: whether it came, and the secret, once, where somebody has to enter it at the vendor. */
export function Handshake({ source }: { source: Source }) {
  return source.verification_options?.secret_from ? <BroughtSecret made={source} /> : null;
}

function BroughtSecret({ made }: { made: Source }) {
  const api = useApi();
  const { id } = made;
  const { data: source = made } = useRecord('sources', id, { every: EVERY_MS });
  const reveal = useChange(() => api.post('/api/v1/sources/{id}/reveal', { params: { path: { id } } }));
  const mayWrite = useMayWrite();
  const secret = reveal.data?.secret;
  if (waitsForHandshake(source)) {
    return (
      <Section title="Handshake">
        <p role="status">
          Waiting for the handshake that brings the secret … Make the webhook at the vendor, with the URL below. No
          event is taken before, and whoever comes first is believed.
        </p>
      </Section>
    );
  }
  if (secret === undefined && !source.secret_unshown) return null;
  return (
    <Section title="Handshake">
      {secret !== undefined && <SecretOnce secret={secret} name="secret" />}
      {secret === undefined && (
        <p role="status">
          The secret has come.{' '}
          {mayWrite ? 'Have it shown, and enter it at the vendor.' : 'An admin can have it shown, once.'}
        </p>
      )}
      {secret === undefined && mayWrite && (
        <div>
          <Button kind="primary" pending={reveal.isPending} onClick={() => reveal.mutate(undefined)}>
            Show the secret once
          </Button>
        </div>
      )}
      {reveal.error && <ErrorNote fault={faultOf(reveal.error)} />}
    </Section>
  );
}
