const ELLIPSIS = '…';

/** At most `max` UTF-16 units, the last one an ellipsis when something was cut; never half a code point. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  const end = max - 1;
  const splitsPair = isHighSurrogate(text.charCodeAt(end - 1)) && end > 0;
  return text.slice(0, splitsPair ? end - 1 : end) + ELLIPSIS;
}

/** At most `max` bytes of UTF-8 (3 or more), the last character an ellipsis when something was cut; never half a code point. */
export function cutBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) return text;
  let end = max - Buffer.byteLength(ELLIPSIS);
  while (isContinuation(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end) + ELLIPSIS;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
