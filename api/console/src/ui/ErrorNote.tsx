import { Button } from './Button.tsx';
import { Copy } from './Copy.tsx';
import css from './ErrorNote.module.css';
import { Icon } from './Icon.tsx';

/** What a fault has to say: what, why and what to do; and the id that finds it in the log. */
export interface Fault {
  title: string;
  detail: string;
  correlationId?: string | undefined;
}

export function ErrorNote({ fault, onRetry }: { fault: Fault; onRetry?: (() => void) | undefined }) {
  return (
    <div role="alert" className={css.note}>
      <Icon name="error" />
      <div>
        <p>
          <strong>{fault.title}</strong>
        </p>
        <p>{fault.detail}</p>
        {fault.correlationId && (
          <p className={css.id}>
            Correlation id <code>{fault.correlationId}</code>
            <Copy text={fault.correlationId} label="Copy the correlation id" />
          </p>
        )}
      </div>
      {onRetry && (
        <Button small onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
