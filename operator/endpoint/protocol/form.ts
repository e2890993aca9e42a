/** A place in the tree that dotted parameter names make: `Filter.1.Name=x` is Filter > 1 > Name with value x. */
export interface FormNode {
  value?: string;
  children?: Map<string, FormNode>;
}

/** The form is broken; the message says how. The pipeline turns it into the dialect's own error. */
export class MalformedForm extends Error {
  override readonly name = 'MalformedForm';
}

/** Bounds on what one request may make us hold. */
export const formLimits = { parameters: 10_000, nameSegments: 32 } as const;

/**
 * Splits `a=1&b=2` into pairs. `+` and `%20` are both a blank.
 * @throws MalformedForm for broken escapes and for more parameters than formLimits allows
 */
export function parseForm(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (let start = 0; start < text.length; ) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand < 0 ? text.length : ampersand;
    if (end > start) pairs.push(parsePair(text.slice(start, end)));
    if (pairs.length > formLimits.parameters) throw new MalformedForm(`The request has more than ${formLimits.parameters} parameters`);
    start = end + 1;
  }
  return pairs;
}

function parsePair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [unescape(pair), ''] : [unescape(pair.slice(0, equals)), unescape(pair.slice(equals + 1))];
}

function unescape(text: string): string {
  const blanks = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!blanks.includes('%')) return blanks;
  try {
    return decodeURIComponent(blanks);
  } catch (cause) {
    throw new MalformedForm('The request contains a broken percent escape', { cause });
  }
}

/**
 * Hangs the pairs into a tree.
 * @throws MalformedForm if a parameter is given twice or its name is too deep
 */
export function treeFrom(pairs: Iterable<readonly [string, string]>): FormNode {
  const root: FormNode = {};
  for (const [name, value] of pairs) {
    const node = descend(root, name);
    if (node.value !== undefined) throw new MalformedForm(`The parameter ${abbreviated(name)} is given more than once`);
    node.value = value;
  }
  return root;
}

function descend(root: FormNode, name: string): FormNode {
  const segments = name.split('.', formLimits.nameSegments + 1);
  if (segments.length > formLimits.nameSegments) throw new MalformedForm(`The parameter name ${abbreviated(name)} has too many parts`);
  let node = root;
  for (const segment of segments) {
    node.children ??= new Map();
    let child = node.children.get(segment);
    if (!child) node.children.set(segment, (child = {}));
    node = child;
  }
  return node;
}

/** Names and values are repeated in messages and logs only up to a readable length. */
export function abbreviated(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}...`;
}
