import { Link } from '@tanstack/react-router';
import { Copy } from '../ui/Copy.tsx';
import { Section } from '../ui/Page.tsx';
import css from './overview.module.css';

/** Nothing came yet, or for long: what to try. */
export function FirstSteps() {
  const command = `curl ${location.origin}/ingest/generic -H 'content-type: application/json' -d '{"hello": "world"}'`;
  return (
    <Section title="Nothing came in this time">
      <p>
        Send an event to a source, and watch it arrive in the <Link to={'/events' as string}>events</Link>:
      </p>
      <div className={css.command}>
        <code>{command}</code>
        <Copy text={command} label="Copy the command" />
      </div>
    </Section>
  );
}
