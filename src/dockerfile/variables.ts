/** The variables in force at a point. A value is undefined where the file doesn't tell it. */
export interface Variables {
  has(name: string): boolean;
  get(name: string): string | undefined;
}

/**
 * Variables of which a changed version shares nearly all with the one before: a file may set
 * thousands of them, and each instruction sees another version. Setting one and looking one
 * up take a few steps more each time that the number of names grows eightfold.
 */
export interface VariableVersion extends Variables {
  with(name: string, value: string | undefined): VariableVersion;
}

/** A tree over the names' numbers, by three bits of them at a time. */
interface Node {
  readonly entry?: { readonly value: string | undefined };
  readonly children: readonly (Node | undefined)[];
}

const emptyNode: Node = { children: [] };

/** No variables, to set the first ones from. Names get their numbers as they come up. */
export function noVariables(): VariableVersion {
  return version(emptyNode, new Map());
}

function version(root: Node, numbers: Map<string, number>): VariableVersion {
  const entryOf = (name: string): Node["entry"] => {
    let rest = numbers.get(name);
    if (rest === undefined) return undefined;
    let node: Node | undefined = root;
    for (; rest > 0; rest >>>= 3) node = node?.children[rest & 7];
    return node?.entry;
  };
  return {
    has: (name) => entryOf(name) !== undefined,
    get: (name) => entryOf(name)?.value,
    with(name, value) {
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      return version(withEntry(root, number, { value }), numbers);
    },
  };
}

function withEntry(
  node: Node = emptyNode,
  number: number,
  entry: NonNullable<Node["entry"]>,
): Node {
  if (number === 0) return { ...node, entry };
  const children = [...node.children];
  children[number & 7] = withEntry(children[number & 7], number >>> 3, entry);
  return { ...node, children };
}
