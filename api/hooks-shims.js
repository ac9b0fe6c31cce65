/** What the expression module's libraries expect and goja lacks. Nothing is encoded while expressions are checked. */
globalThis.TextEncoder ??= class {};
globalThis.TextDecoder ??= class {};
Object.hasOwn ??= (object, key) => Object.hasOwn(object, key);
