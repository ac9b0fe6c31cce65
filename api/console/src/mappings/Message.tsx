import type { Schemas } from '../../../client/schemas.ts';
import css from './mappings.module.css';
import { messageOf } from './message.ts';

/** What is bold, code or a link in a chat's text; everything else stays as it is. */
const INLINE = /(\*\*[^*\n]+\*\*|\*[^*\n]+\*|`[^`\n]+`|\[[^\]\n]+\]\([^)\s]+\)|<https?:[^|>\s]+\|[^>\n]+>)/;

/** A message about as the chat draws it; nothing in it can be followed. */
export function Message({ type, body }: { type: Schemas['DestinationType']; body: string }) {
  const parts = messageOf(type, body);
  if (!parts) return null;
  return (
    <figure className={css.message} aria-label={`As ${type} shows it`}>
      <figcaption>Pockethook in {type}</figcaption>
      {parts.map(({ title, text, fields, color }, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and come anew as a whole
          key={index}
          className={color ? css.bar : undefined}
          style={color ? { borderColor: color } : undefined}
        >
          {title && (
            <p>
              <b>{title}</b>
            </p>
          )}
          {text && <p className={css.text}>{inline(text)}</p>}
          {fields.length > 0 && (
            <dl>
              {fields.map(({ name, value }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <div key={at}>
                  <dt>{name}</dt>
                  <dd>{inline(value)}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      ))}
    </figure>
  );
}

function inline(text: string) {
  return text.split(INLINE).map((piece, index) => {
    // biome-ignore-start lint/suspicious/noArrayIndexKey: pieces of a text
    if (/^\*.+\*$/.test(piece)) return <b key={index}>{piece.replace(/^\*+|\*+$/g, '')}</b>;
    if (/^`.+`$/.test(piece)) return <code key={index}>{piece.slice(1, -1)}</code>;
    const [, label] = /^\[([^\]]+)\]\(/.exec(piece) ?? /^<[^|]+\|([^>]+)>$/.exec(piece) ?? [];
    return label ? <u key={index}>{label}</u> : piece;
    // biome-ignore-end lint/suspicious/noArrayIndexKey: pieces of a text
  });
}
