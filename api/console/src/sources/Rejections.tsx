import type { Schemas } from '../../../client/schemas.ts';
import { usePages } from '../app/paging.tsx';
import { Copy } from '../ui/Copy.tsx';
import { Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import css from './sources.module.css';

type Rejection = Schemas['Rejection'];

const SHOWN = 10;

/** What was refused lately, with why and what to do. */
export function Rejections({ source }: { source: string }) {
  const pages = usePages('/api/v1/rejections', { source }, { every: 5_000 });
  return (
    <Section title="Rejections">
      {pages.rows.length === 0 ? (
        <p>{pages.isPending ? '…' : 'Nothing was refused.'}</p>
      ) : (
        <ul className={css.rejections}>
          {pages.rows.slice(0, SHOWN).map((rejection) => (
            <Refused key={rejection.id} rejection={rejection} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Refused({ rejection }: { rejection: Rejection }) {
  const { code, verification_failure, detail, correlation_id, method, body_bytes, received_at } = rejection;
  return (
    <li>
      <p>
        <strong>{verification_failure || code}</strong> <Time at={received_at} />
      </p>
      <p>{detail}</p>
      <p className={css.small}>
        {method}, {body_bytes} bytes, correlation id <code>{correlation_id}</code>
        <Copy text={correlation_id} label="Copy the correlation id" />
      </p>
    </li>
  );
}
