import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useMayWrite } from '../app/session.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Facts, PageBody, PageHead } from '../ui/Page.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { Connect } from './Connect.tsx';
import { useChange, usePatch, useSource } from './data.ts';
import { Rejections } from './Rejections.tsx';
import { StandingMark } from './StandingMark.tsx';
import css from './sources.module.css';

type Source = Schemas['Source'];

/** One source: what a producer is given, what came in, and what was refused. */
export function SourcePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Source" query={useSource(id)}>
      {(source) => (
        <>
          <PageHead
            title={source.name ?? ''}
            beside={<StandingMark source={source} />}
            actions={<Actions source={source} />}
          />
          <PageBody>
            {source.unreadable && <p>{source.unreadable}</p>}
            <Connect source={source} />
            <Rejections source={id} />
            <Facts facts={factsOf(source)} />
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

function factsOf(source: Source): Parameters<typeof Facts>[0]['facts'] {
  const { verification, preset, secrets = [], event_type, dedupe_key, extract, rate_limit, max_body_bytes } = source;
  return [
    ['Preset', preset],
    ['Verified by', verification],
    ['Secret', secrets.length > 0 && <code>{secrets.join(', ')}</code>],
    ['Event type', event_type && <code>{event_type}</code>],
    ['Dedupe key', dedupe_key && <code>{dedupe_key}</code>],
    ['Extracted', extract && <Extracted extract={extract} />],
    ['Rate limit', rate_limit ? `${rate_limit} a second` : null],
    ['Largest body', max_body_bytes ? `${max_body_bytes} bytes` : null],
  ].map(([name, value]) => [name as string, value === false ? null : value]);
}

function Extracted({ extract }: { extract: Record<string, string> }) {
  return (
    <span className={css.extracted}>
      {Object.entries(extract).map(([name, expression]) => (
        <code key={name}>
          {name}: {expression}
        </code>
      ))}
    </span>
  );
}

function Actions({ source }: { source: Source }) {
  const { id, name, enabled = true } = source;
  const { show } = useToasts();
  const patch = usePatch(id);
  const [deleting, setDeleting] = useState(false);
  if (!useMayWrite()) return null;
  const onError = (fault: unknown) => show({ text: faultOf(fault).detail, failed: true });
  const open = (next: boolean) => patch.mutate({ enabled: next }, { onError });
  const pause = () =>
    patch.mutate(
      { enabled: false },
      {
        onError,
        onSuccess: () => show({ text: `${name} is paused: its producers are refused`, undo: () => open(true) }),
      },
    );
  return (
    <>
      {enabled ? (
        <Button icon="pause" pending={patch.isPending} onClick={pause}>
          Pause
        </Button>
      ) : (
        <Button kind="primary" icon="play" pending={patch.isPending} onClick={() => open(true)}>
          Resume
        </Button>
      )}
      <Link to={`/sources/${id}/edit` as string} className={buttonClass({})}>
        Edit
      </Link>
      <Menu
        label="More"
        trigger={<Button icon="more">More</Button>}
        actions={[{ id: 'delete', label: 'Delete …', icon: 'close', run: () => setDeleting(true) }]}
      />
      {deleting && <Delete source={source} onClose={() => setDeleting(false)} />}
    </>
  );
}

function Delete({ source: { id, name = '' }, onClose }: { source: Source; onClose: () => void }) {
  const api = useApi();
  const navigate = useNavigate();
  const remove = useChange(() => api.delete('/api/v1/sources/{id}', { params: { path: { id } } }));
  return (
    <Confirm
      title={`Delete ${name}?`}
      name={name}
      action={`Delete ${name}`}
      pending={remove.isPending}
      fault={remove.error ? faultOf(remove.error) : undefined}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/sources' as string }) })}
      onClose={onClose}
    >
      <p>Its producers get 404 from then on, and its mappings go with it. Its history stays.</p>
    </Confirm>
  );
}
