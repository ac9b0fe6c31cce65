/** A decoded text, with the position in the original text of each character and of the end. */
export interface View {
  text: string;
  at: (index: number) => number;
}

const ESCAPE =
  /(?:%[0-9a-f]{2})+|\\u[0-9a-f]{4}|\\["'\\/]|&(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-f]{1,5});|(?:%[0-9a-f]?|\\(?:u[0-9a-f]{0,3})?|&[#a-z\d]{0,7})$/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Enough for JSON in JSON in a URL; deeper nesting doesn't happen by accident. */
const LAYERS = 4;

/** The text itself, then the text with its JSON, URL and HTML escapes decoded once, twice … */
export function viewsOf(text: string): View[] {
  const views: View[] = [{ text, at: (index) => index }];
  for (let view = views[0]; view && views.length < LAYERS; ) {
    const decoded = decode(view);
    if (decoded.text === view.text) break;
    views.push(decoded);
    view = decoded;
  }
  return views;
}

/** Decodes one layer. An escape cut off at the end yields nothing, and counts to the character before it. */
function decode({ text, at }: View): View {
  if (!/[%\\&]/.test(text)) return { text, at };
  const positions: number[] = [];
  let decoded = '';
  let done = 0;
  const copyTo = (end: number) => {
    for (let i = done; i < end; i++) positions.push(i);
    decoded += text.slice(done, end);
    done = end;
  };
  for (const { 0: escaped, index } of text.matchAll(ESCAPE)) {
    copyTo(index);
    let start = index;
    const means = meaning(escaped);
    for (const character of means) {
      for (let i = 0; i < character.length; i++) positions.push(start);
      if (escaped.startsWith('%')) start += 3 * Buffer.byteLength(character);
    }
    decoded += means;
    done = index + escaped.length;
  }
  copyTo(text.length);
  return { text: decoded, at: (index) => at(positions[index] ?? text.length) };
}

function meaning(escaped: string): string {
  if (escaped.startsWith('%')) return fromPercent(escaped);
  const unicode = /^\\u([0-9a-f]{4})$/i.exec(escaped)?.[1];
  if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16));
  if (escaped.startsWith('\\')) return escaped.length === 2 && !/u/i.test(escaped) ? escaped.slice(1) : '';
  const entity = /^&(.*);$/.exec(escaped)?.[1]?.toLowerCase();
  if (entity === undefined) return '';
  if (!entity.startsWith('#')) return ENTITIES[entity] ?? '';
  const code = entity.startsWith('#x') ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  return String.fromCodePoint(code);
}

/** Decodes bytes as UTF-8, or else as Latin-1, as header values are. */
function fromPercent(escaped: string): string {
  const bytes = Buffer.from(escaped.replaceAll('%', ''), 'hex');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}
