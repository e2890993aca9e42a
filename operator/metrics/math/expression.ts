/** CloudWatch's limit of the text of an expression. */
export const EXPRESSION_LIMIT = 2048;
/** Parentheses, calls and operators within each other. */
const DEPTH_LIMIT = 64;
/** Arguments of a call, members of a list. */
const ITEMS_LIMIT = 500;

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<=' | '>=' | '<' | '>' | 'AND' | 'OR';

/** A metric math expression, read. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'id'; name: string }
  | { kind: 'text'; value: string }
  /** REPEAT, LINEAR. */
  | { kind: 'word'; name: string }
  | { kind: 'minus'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'call'; name: string; parameters: Expression[] }
  | { kind: 'list'; items: Expression[] };

/** An expression that is not right, or asks for what is not to be had; the message says which part. */
export class MathError extends Error {
  override readonly name = 'MathError';
}

/** Operators from the weakest to the strongest; those of one row are as strong as each other. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['OR'], ['AND'], ['==', '!=', '<=', '>=', '<', '>'], ['+', '-'], ['*', '/']];
const SPELLINGS: Readonly<Record<string, BinaryOperator>> = { '||': 'OR', '&&': 'AND' };

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z]\w*)|(?<text>"[^"\\]*"|'[^'\\]*')|(?<sign>&&|\|\||==|!=|<=|>=|[-+*/^<>()[\],]))/y;

interface Token {
  is: 'number' | 'name' | 'text' | 'sign';
  text: string;
}

/**
 * Reads an expression. Bounded in length and depth, so that no text costs more than a moment.
 * @throws MathError
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function expressionFrom(text: string): Expression {
  if (text.length > EXPRESSION_LIMIT) throw new MathError(`the expression is longer than ${String(EXPRESSION_LIMIT)} characters`);
  const reader = new Reader(tokensOf(text));
  const expression = reader.expression(0);
  reader.end();
  return expression;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const position = pattern.lastIndex;
    const { number, name, text: quoted, sign } = pattern.exec(text)?.groups ?? {};
    if (number !== undefined) tokens.push({ is: 'number', text: number });
    else if (name !== undefined) tokens.push({ is: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ is: 'text', text: quoted.slice(1, -1) });
    else if (sign !== undefined) tokens.push({ is: 'sign', text: sign });
    else throw new MathError(`unexpected character at position ${String(position + 1)}`);
  }
  return tokens;
}

/** Recursive descent, one call for each level of the grammar. */
class Reader {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#minus();
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT * LEVELS.length) throw new MathError('the expression is nested too deeply');
    let left = this.expression(level + 1);
    for (let operator = this.#operator(operators); operator !== undefined; operator = this.#operator(operators)) {
      left = { kind: 'binary', operator, left, right: this.expression(level + 1) };
    }
    this.#depth -= 1;
    return left;
  }

  end(): void {
    const rest = this.#tokens[this.#position];
    if (rest !== undefined) throw new MathError(`unexpected '${rest.text}'`);
  }

  #minus(): Expression {
    let signs = 0;
    while (this.#takes('-')) signs += 1;
    const operand = this.#power();
    return signs % 2 === 0 ? operand : { kind: 'minus', operand };
  }

  /** Binds to the right, and stronger than the sign before it: -2^2 is -4. */
  #power(): Expression {
    const left = this.#operand();
    if (!this.#takes('^')) return left;
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT * LEVELS.length) throw new MathError('the expression is nested too deeply');
    const right = this.#minus();
    this.#depth -= 1;
    return { kind: 'binary', operator: '^', left, right };
  }

  #operand(): Expression {
    const token = this.#tokens[this.#position];
    this.#position += 1;
    if (token === undefined) throw new MathError('unexpected end of the expression');
    if (token.is === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.is === 'text') return { kind: 'text', value: token.text };
    if (token.is === 'name') return this.#named(token.text);
    if (token.text === '(') {
      const inner = this.expression(0);
      this.#requires(')');
      return inner;
    }
    if (token.text === '[') return { kind: 'list', items: this.#items(']') };
    throw new MathError(`unexpected '${token.text}'`);
  }

  /** Ids begin with a small letter, functions and words with a capital one. */
  #named(name: string): Expression {
    if (this.#takes('(')) return { kind: 'call', name: name.toUpperCase(), parameters: this.#items(')') };
    if (/^[a-z]/.test(name)) return { kind: 'id', name };
    return { kind: 'word', name };
  }

  #items(closing: ')' | ']'): Expression[] {
    if (this.#takes(closing)) return [];
    const items: Expression[] = [];
    do {
      if (items.length >= ITEMS_LIMIT) throw new MathError(`more than ${String(ITEMS_LIMIT)} items`);
      items.push(this.expression(0));
    } while (this.#takes(','));
    this.#requires(closing);
    return items;
  }

  #operator(operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    const token = this.#tokens[this.#position];
    if (token === undefined || (token.is !== 'sign' && token.is !== 'name')) return undefined;
    const operator = SPELLINGS[token.text] ?? token.text;
    const found = operators.find((one) => one === operator);
    if (found !== undefined) this.#position += 1;
    return found;
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#position];
    if (token?.is !== 'sign' || token.text !== sign) return false;
    this.#position += 1;
    return true;
  }

  #requires(sign: string): void {
    if (!this.#takes(sign)) throw new MathError(`'${sign}' is missing`);
  }
}

/** Ids that an expression names. */
export function idsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'id':
      return [expression.name];
    case 'minus':
      return idsIn(expression.operand);
    case 'binary':
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    case 'call':
      return expression.parameters.flatMap(idsIn);
    case 'list':
      return expression.items.flatMap(idsIn);
    default:
      return [];
  }
}
