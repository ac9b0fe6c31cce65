import { children, descendants, isComprehension, type Node } from './ast.ts';
import { VARIABLES } from './context.ts';

/** Paths of one expression that are told; more would hide what matters. */
const MAX_PATHS = 10;

/**
 * What an expression reads of the event, each path once: `body.pull_request.draft`, `headers["x-kind"]`,
 * `body.items[data.n].name`. Each is an expression by itself. What is read of a loop's own variable is left out.
 */
export function readPaths(node: Node, text: string): string[] {
  const bound = new Set(descendants(node).flatMap(boundNames));
  const paths = new Set<string>();
  const collect = (part: Node): void => {
    const path = pathOf(part, text, bound);
    if (path !== undefined) paths.add(path);
    for (const below of path === undefined ? children(part) : indexesOf(part)) collect(below);
  };
  collect(node);
  return [...paths].slice(0, MAX_PATHS);
}

/** Names that mean an element of a list, or what `cel.bind` gave them, and so nothing of the event. */
function boundNames(node: Node): string[] {
  const binds = node.op === 'rcall' && (node.args as [string])[0] === 'bind';
  if (!binds && !isComprehension(node)) return [];
  const name = children(node)[1];
  return name?.op === 'id' ? [name.args as string] : [];
}

/** The text of a chain of fields and indexes that begins at one of the variables; undefined for anything else. */
function pathOf(node: Node, text: string, bound: ReadonlySet<string>): string | undefined {
  if (node.op === 'id') {
    const name = node.args as string;
    return (VARIABLES as readonly string[]).includes(name) && !bound.has(name) ? name : undefined;
  }
  if (!isField(node) && !isIndex(node)) return undefined;
  const [owner, key] = node.args as [Node, unknown];
  const before = pathOf(owner, text, bound);
  if (before === undefined) return undefined;
  if (isField(node)) return `${before}.${key}`;
  const index = key as Node;
  return `${before}[${text.slice(index.start, index.end)}]`;
}

/** What stands between the brackets of a path reads the event as well. */
function indexesOf(node: Node): Node[] {
  if (node.op === 'id') return [];
  const [owner, key] = node.args as [Node, unknown];
  return isIndex(node) ? [...indexesOf(owner), key as Node] : indexesOf(owner);
}

const isField = ({ op }: Node): boolean => op === '.' || op === '.?';
const isIndex = ({ op }: Node): boolean => op === '[]' || op === '[?]';
