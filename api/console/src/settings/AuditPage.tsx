import { useNavigate, useSearch } from '@tanstack/react-router';
import { stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { PagesView, usePages } from '../app/paging.tsx';
import { SINCE_OPTIONS, sinceTime } from '../app/search.ts';
import { Empty } from '../ui/Empty.tsx';
import { Filters } from '../ui/Filters.tsx';
import { type Column, List } from '../ui/List.tsx';
import { Facts, Section } from '../ui/Page.tsx';
import { ExactTime, Time } from '../ui/Time.tsx';
import { AUDIT_FIELDS, type AuditSearch } from './audit-filters.ts';
import { SettingsHead } from './SettingsHead.tsx';
import css from './settings.module.css';

type Row = Schemas['AuditRow'];

const FIELDS = [...AUDIT_FIELDS, { name: 'since', title: 'Time', word: 'since', options: SINCE_OPTIONS }];

const COLUMNS: Column<Row>[] = [
  { head: 'What', cell: ({ action }) => action },
  { head: 'To', width: '26%', cell: ({ detail, subject }) => nameOf(detail) ?? <code>{subject}</code> },
  { head: 'Who', width: '28%', wide: true, cell: ({ actor }) => actor },
  { head: 'Way', width: '96px', wide: true, cell: ({ via }) => via },
  { head: 'When', width: '112px', end: true, cell: ({ created }) => <Time at={created} /> },
];

/** Who changed what, newest first; a row opens with each field before and after. */
export function AuditPage() {
  const account = useChosenAccount();
  const search: AuditSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const { actor, subject, subject_type, action, since, open } = search;
  const pages = usePages('/api/v1/audit', {
    account,
    actor,
    subject,
    subject_type,
    action,
    from: sinceTime(since, Date.now()),
  });
  const change = (changed: AuditSearch) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, ...changed })) as never, replace: true });
  const row = pages.rows.find(({ id }) => id === open);
  return (
    <>
      <SettingsHead page="Audit" />
      <Filters
        noun="changes"
        fields={FIELDS}
        values={search}
        onChange={(name, value) => change({ [name]: value, open: undefined })}
      />
      <PagesView
        pages={pages}
        empty={
          <Empty icon="info" title="Nothing fits">
            <p>Every change is written down here, also those in PocketBase's dashboard.</p>
          </Empty>
        }
      >
        <List
          label="Audit"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/settings/audit?open=${id}`}
          columns={COLUMNS}
          openId={open}
          onOpen={(id) => change({ open: id })}
          panel={row && <Detail row={row} />}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

function Detail({ row: { action, actor, via, subject, correlation_id, detail, created } }: { row: Row }) {
  const changes = Object.entries((detail?.changes ?? {}) as Record<string, { from?: unknown; to?: unknown }>);
  return (
    <Section title={action}>
      <Facts
        facts={[
          ['Who', actor],
          ['Way', via],
          ['To', nameOf(detail)],
          ['Record', <code key="record">{subject}</code>],
          ['Correlation id', correlation_id && <code key="correlation">{correlation_id}</code>],
          ['When', <ExactTime key="when" at={created} />],
        ]}
      />
      {changes.length > 0 && (
        <dl className={css.changes}>
          {changes.map(([field, { from, to }]) => (
            <Change key={field} field={field} from={from} to={to} />
          ))}
        </dl>
      )}
    </Section>
  );
}

function Change({ field, from, to }: { field: string; from: unknown; to: unknown }) {
  return (
    <>
      <dt>{field}</dt>
      <dd>
        <code>{stringifyJson(from) ?? 'nothing'}</code> → <code>{stringifyJson(to) ?? 'nothing'}</code>
      </dd>
    </>
  );
}

function nameOf(detail: Row['detail']): string | undefined {
  const name = (detail as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : undefined;
}
