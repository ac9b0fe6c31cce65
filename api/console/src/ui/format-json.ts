/**
 * Lays JSON out with two spaces and leaves each token as it was written: numbers beyond 2^53 stay exact, escapes stay escapes.
 * Undefined when it is no JSON.
 */
export function formatJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const parts: string[] = [];
  let depth = 0;
  const breakLine = () => parts.push('\n', '  '.repeat(depth));
  for (const [token] of text.matchAll(TOKEN)) {
    const before = parts.at(-1);
    if (token === '}' || token === ']') {
      depth--;
      if (before !== '{' && before !== '[') breakLine();
    } else if (before === '{' || before === '[' || before === ',') breakLine();
    parts.push(token);
    if (token === '{' || token === '[') depth++;
    else if (token === ':') parts.push(' ');
  }
  return parts.join('');
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;
