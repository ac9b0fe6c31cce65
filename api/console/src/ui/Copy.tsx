import { useEffect, useState } from 'react';
import { Button, IconButton } from './Button.tsx';

const SHOWN_MS = 1_500;

/** Puts `text` on the clipboard and says so for a moment. With `children` a button with words. */
export function Copy({ text, label, children }: { text: string; label: string; children?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(setCopied, SHOWN_MS, false);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void copyText(text).then(() => setCopied(true));
  return (
    <>
      {children ? (
        <Button small icon={copied ? 'check' : 'copy'} onClick={copy}>
          {children}
        </Button>
      ) : (
        <IconButton small icon={copied ? 'check' : 'copy'} label={label} onClick={copy} />
      )}
      <span className="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}

/** Also over plain HTTP, where browsers offer no clipboard: then by the way of a selected field. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
