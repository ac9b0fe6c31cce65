import type { Text } from '@codemirror/state';
import type { SyntaxNode, Tree } from '@lezer/common';

/** The path of the JSON value at a position, as an expression reads it: body.pull_request.labels[0]["a key"]. */
export function pathAt(tree: Tree, doc: Pick<Text, 'sliceString'>, position: number, root: string): string {
  const steps: string[] = [];
  for (let node: SyntaxNode | null = tree.resolveInner(position, 1); node; node = node.parent) {
    const step =
      node.name === 'Property' ? keyOf(node, doc) : node.parent?.name === 'Array' ? indexOf(node) : undefined;
    if (step !== undefined) steps.unshift(step);
  }
  return `${root}${steps.join('')}`.replace(/^\./, '');
}

function keyOf(property: SyntaxNode, doc: Pick<Text, 'sliceString'>): string | undefined {
  const name = property.getChild('PropertyName');
  if (!name) return undefined;
  const quoted = doc.sliceString(name.from, name.to);
  const key = /^"([A-Za-z_]\w*)"$/.exec(quoted)?.[1];
  return key === undefined ? `[${quoted}]` : `.${key}`;
}

/** Brackets and commas are siblings too. */
function indexOf(item: SyntaxNode): string | undefined {
  if (!VALUES.has(item.name)) return undefined;
  let index = 0;
  for (let before = item.prevSibling; before; before = before.prevSibling) if (VALUES.has(before.name)) index++;
  return `[${index}]`;
}

const VALUES = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);
