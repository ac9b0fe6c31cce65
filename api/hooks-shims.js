/** What the expression module's libraries expect and goja lacks. */
globalThis.TextEncoder ??= class {
  encode(text) {
    const escaped = encodeURIComponent(text);
    const bytes = [];
    for (let i = 0; i < escaped.length; i++) {
      const isByte = escaped[i] === '%';
      bytes.push(isByte ? Number.parseInt(escaped.slice(i + 1, i + 3), 16) : escaped.charCodeAt(i));
      if (isByte) i += 2;
    }
    return Uint8Array.from(bytes);
  }
};
// Needed while the library loads; nothing is decoded when expressions are only checked.
globalThis.TextDecoder ??= class {};
Object.hasOwn ??= (object, key) => Object.hasOwn(object, key);
