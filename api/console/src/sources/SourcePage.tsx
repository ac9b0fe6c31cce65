import { useParams } from '@tanstack/react-router';
import { stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { Connect } from './Connect.tsx';
import { Handshake } from './Handshake.tsx';
import { Rejections } from './Rejections.tsx';
import { StandingMark } from './StandingMark.tsx';
import css from './sources.module.css';

type Source = Schemas['Source'];

/** One source: what a producer is given, what came in, and what was refused. */
export function SourcePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Source" query={useRecord('sources', id)}>
      {(source) => (
        <>
          <PageHead
            title={source.name ?? ''}
            beside={<StandingMark source={source} />}
            actions={<Actions source={source} />}
          />
          <PageBody>
            {source.unreadable && <p>{source.unreadable}</p>}
            <Handshake source={source} />
            <Connect source={source} />
            <Rejections source={id} />
            <Section title="Settings">
              <Facts facts={factsOf(source)} />
            </Section>
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

function factsOf(source: Source): Parameters<typeof Facts>[0]['facts'] {
  const { verification, verification_options, preset, secrets, event_type, dedupe_key, split, extract } = source;
  const { answer, when_paused, on_malformed, cors_origins, not_redacted, rate_limit, max_body_bytes } = source;
  return [
    ['Preset', preset],
    ['Verified by', verification],
    ['How', verification_options && <Pairs pairs={verification_options} />],
    ['Secret', secrets.length === 0 ? null : <code>{secrets.join(', ')}</code>],
    ['Event type', event_type && <code>{event_type}</code>],
    ['Dedupe key', dedupe_key && <code>{dedupe_key}</code>],
    ['Several events', split && <code>{split}</code>],
    ['Extracted', extract && <Pairs pairs={extract} />],
    ['Answer', answer && <code>{stringifyJson(answer)}</code>],
    ['While paused', when_paused === 'retry' ? null : when_paused.replaceAll('_', ' ')],
    ['Broken JSON', on_malformed === 'refuse' ? null : 'is kept as a text'],
    ['Pages that may post', cors_origins?.join(', ')],
    ['No credentials', not_redacted && <code>{not_redacted.join(', ')}</code>],
    ['Rate limit', rate_limit ? `${rate_limit} a second` : null],
    ['Largest body', max_body_bytes ? sizeText(max_body_bytes) : null],
  ];
}

function sizeText(bytes: number): string {
  const mebibytes = bytes / 1_048_576;
  return Number.isInteger(mebibytes) ? `${mebibytes} MiB` : `${bytes.toLocaleString('en')} bytes`;
}

function Pairs({ pairs }: { pairs: Record<string, string> }) {
  return (
    <span className={css.extracted}>
      {Object.entries(pairs).map(([name, value]) => (
        <code key={name}>
          {name}: {value}
        </code>
      ))}
    </span>
  );
}

function Actions({ source }: { source: Source }) {
  const { name } = source;
  return (
    <RecordActs
      kind="sources"
      record={source}
      name={name}
      gone="Its producers get 404 from then on, and its mappings go with it. Its history stays."
      after="/sources"
      words={{
        on: { verb: 'Resume', icon: 'play' },
        off: { verb: 'Pause', icon: 'pause', done: `${name} is paused: its producers are refused` },
      }}
      edit
    />
  );
}
