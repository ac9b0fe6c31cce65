import type { ASTNode } from '@marcbachmann/cel-js';

/** Evaluates a node from its evaluated parts. */
export type Handle = (first: unknown, second: unknown, third: unknown, fourth: unknown) => unknown;

/** A node as the library keeps it, with the parts that its types leave out. */
export interface Node {
  op: string;
  args: unknown;
  start: number;
  end: number;
  /** `alternate`: what a macro such as `exists` became. */
  meta: { alternate?: Node };
  /** What the node does with its evaluated parts; set by the type check. */
  handle?: Handle;
  evaluate(evaluator: unknown, node: Node, context: unknown): unknown;
}

export function asNode(ast: ASTNode): Node {
  return ast as unknown as Node;
}

/** The nodes directly below, as written; macros are not expanded. */
export function children(node: Node): Node[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '!_':
    case '-_':
      return [node.args as Node];
    case '.':
    case '.?':
      return [(node.args as [Node])[0]];
    case 'call':
      return (node.args as [string, Node[]])[1];
    case 'rcall': {
      const [, receiver, args] = node.args as [string, Node, Node[]];
      return [receiver, ...args];
    }
    case 'map':
      return (node.args as [Node, Node][]).flat();
    default:
      return node.args as Node[];
  }
}

/** The node itself and everything below it, in linear time: the left side of `a + b + c + …` nests as deep as there are parts. */
export function descendants(node: Node): Node[] {
  const nodes = [node];
  // The list grows while it is gone through.
  for (const known of nodes) nodes.push(...children(known));
  return nodes;
}

const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

export function isComprehension(node: Node): boolean {
  return node.op === 'rcall' && COMPREHENSIONS.has((node.args as [string])[0]);
}
