import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { Button } from './Button.tsx';
import { Copy } from './Copy.tsx';
import { formatJson } from './format-json.ts';
import css from './Json.module.css';
import { type Key, useKeys } from './keys.ts';
import { Skeleton } from './Skeleton.tsx';

/** The editor's own, when it has the keyboard. */
const SEARCH_KEY: readonly Key[] = [{ key: 'Ctrl F', label: 'Search in the text that has the keyboard' }];

const JsonEditor = lazy(() => import('./JsonEditor.tsx'));

export interface JsonProps {
  /** Read out: "Payload". */
  label: string;
  text: string;
  /** Before paths that are copied: "body" makes body.action. */
  root?: string;
  /** Name of the file that it is downloaded as. */
  file?: string;
}

/** JSON to look at: highlighted, foldable, searchable (Ctrl+F), with path and value at the cursor; other texts as they are. */
export function Json({ label, text, root = '', file }: JsonProps) {
  useKeys(SEARCH_KEY);
  const formatted = useMemo(() => formatJson(text), [text]);
  const [raw, setRaw] = useState(false);
  const [path, setPath] = useState('');
  const download = () => downloadText(text, file ?? 'payload.txt');
  const bar = (left: ReactNode) => (
    <div className={css.bar}>
      {left}
      {formatted !== undefined && (
        <Button small kind="plain" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          {raw ? 'Pretty' : 'Raw'}
        </Button>
      )}
      <Copy text={text} label={`Copy ${label}`}>
        Copy
      </Copy>
      {file && (
        <Button small icon="download" onClick={download}>
          Download
        </Button>
      )}
    </div>
  );
  if (formatted === undefined || raw) {
    return (
      <div className={css.json}>
        {bar(<code>{sizeOf(text)}</code>)}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
        <pre className={css.raw} tabIndex={0}>
          {text === '' ? '(empty)' : text}
        </pre>
      </div>
    );
  }
  return (
    <div className={css.json}>
      {bar(
        path === '' ? (
          <code>{sizeOf(text)}</code>
        ) : (
          <>
            <code>{path}</code>
            <Copy text={path} label="Copy the path" />
          </>
        ),
      )}
      <Suspense
        fallback={
          <div style={{ padding: 12 }}>
            <Skeleton height={Math.min(400, 18 * lines(formatted))} />
          </div>
        }
      >
        <JsonEditor label={label} text={formatted} root={root} onPath={setPath} />
      </Suspense>
    </div>
  );
}

function lines(text: string): number {
  return text.slice(0, 10_000).split('\n').length;
}

function sizeOf(text: string): string {
  const bytes = new Blob([text]).size;
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Saves a text, or bytes, as a file. */
export function downloadText(content: BlobPart, file: string): void {
  const url = URL.createObjectURL(new Blob([content]));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  URL.revokeObjectURL(url);
}
