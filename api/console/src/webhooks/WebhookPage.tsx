import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { NewestDeliveries } from '../app/NewestDeliveries.tsx';
import { RecordName } from '../app/names.tsx';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useChange, useRecord } from '../app/records.ts';
import { StandingMark } from '../app/StandingMark.tsx';
import { useMayWrite } from '../app/session.tsx';
import { standingOf } from '../app/standing.ts';
import { TestButton } from '../app/TestButton.tsx';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Select } from '../ui/Field.tsx';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { ExactTime } from '../ui/Time.tsx';
import css from './webhooks.module.css';

type Webhook = Schemas['Webhook'];

const HEALTH_EVERY_MS = 5_000;

/** One webhook: how it stands, who tells it, its secret, and its history. */
export function WebhookPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Webhook" query={useRecord('webhooks', id, { every: HEALTH_EVERY_MS })}>
      {(webhook) => (
        <>
          <PageHead
            title={webhook.name}
            beside={<StandingMark destination={webhook} />}
            actions={<Actions webhook={webhook} />}
          />
          <PageBody>
            {standingOf(webhook).meaning && <p>{standingOf(webhook).meaning}</p>}
            <Facts
              facts={[
                ['URL', <code key="url">{webhook.url}</code>],
                ['Description', webhook.description],
                ['Told by', <Names key="triggers" ids={webhook.triggers} none="no trigger yet" />],
                ['Sites', <Names key="sites" ids={webhook.sites} none="none" />],
              ]}
            />
            <TestButton id={id} />
            <NewestDeliveries destination={id} />
            <Section title="Secret">
              <Secret webhook={webhook} />
            </Section>
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

function Names({ ids, none }: { ids: readonly string[]; none: string }) {
  if (ids.length === 0) return <span>{none}</span>;
  return (
    <span className={css.names}>
      {ids.map((id) => (
        <RecordName key={id} id={id} />
      ))}
    </span>
  );
}

type Overlap = '0s' | '1h' | '24h' | '7d';

const OVERLAPS: { value: Overlap; label: string }[] = [
  { value: '0s', label: 'ends at once: somebody has seen it' },
  { value: '1h', label: 'counts for another hour' },
  { value: '24h', label: 'counts for another day' },
  { value: '7d', label: 'counts for another week' },
];

function Secret({ webhook: { id, name, secret_overlap_until } }: { webhook: Webhook }) {
  const api = useApi();
  const [asking, setAsking] = useState(false);
  const [overlap, setOverlap] = useState<Overlap>('24h');
  const rotate = useChange(() =>
    api.post('/api/v1/webhooks/{id}/rotate-secret', { params: { path: { id } }, body: { overlap } }),
  );
  const made = rotate.data?.secret;
  return (
    <>
      <p>
        Requests are signed by Standard Webhooks
        {secret_overlap_until !== null && (
          <>
            , with the secret before this one as well until <ExactTime at={secret_overlap_until} />
          </>
        )}
        .
      </p>
      {made !== undefined && <SecretOnce secret={made} name="new secret" />}
      {useMayWrite() && (
        <div>
          <Button icon="retry" onClick={() => setAsking(true)}>
            Rotate the secret
          </Button>
        </div>
      )}
      {asking && (
        <Confirm
          title="A new secret"
          action="Rotate the secret"
          pending={rotate.isPending}
          fault={rotate.error ? faultOf(rotate.error) : undefined}
          onConfirm={() => rotate.mutate(undefined, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        >
          <Select
            label="The secret of now"
            value={overlap}
            onChange={setOverlap}
            options={OVERLAPS}
            hint={`As long as it counts, requests to ${name} carry both signatures, so that its receiver can change over.`}
          />
        </Confirm>
      )}
    </>
  );
}

function Actions({ webhook }: { webhook: Webhook }) {
  return (
    <RecordActs
      kind="webhooks"
      record={webhook}
      name={webhook.name}
      gone="Triggers tell it no more, and what still waits is cancelled. Its history stays."
      after="/webhooks"
      edit
    />
  );
}
