import { MathError, type Expression } from './expression.ts';
import { listFrom, mathFunctions, negated, type MathContext, type Parameter } from './functions.ts';
import { combined, type MathValue } from './series.ts';

/** The value of an expression; `lookup` gives the values of ids. @throws MathError */
export function evaluate(expression: Expression, lookup: (id: string) => MathValue, context: MathContext): MathValue {
  const valueOf = (inner: Expression): MathValue => evaluate(inner, lookup, context);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return lookup(expression.name);
    case 'minus':
      return negated(valueOf(expression.operand), context.budget);
    case 'binary':
      return combined(expression.operator, valueOf(expression.left), valueOf(expression.right), context.budget);
    case 'list':
      return listFrom(expression.items.map(valueOf));
    case 'call':
      return called(expression.name, expression.parameters.map((written): Parameter => ({ written, value: () => valueOf(written) })), context);
    case 'word':
      throw new MathError(`unexpected '${expression.name}'; ids begin with a lower-case letter`);
    case 'text':
      throw new MathError('a text is not a value');
    default:
      return expression satisfies never;
  }
}

function called(name: string, parameters: readonly Parameter[], context: MathContext): MathValue {
  const found = mathFunctions.get(name);
  if (found === undefined) throw new MathError(`the function ${name} is not supported; there are ${[...mathFunctions.keys()].sort().join(', ')}`);
  const { least, most, call } = found;
  if (parameters.length < least || parameters.length > most) {
    throw new MathError(`${name} takes ${least === most ? String(least) : `${String(least)} to ${String(most)}`} parameters, not ${String(parameters.length)}`);
  }
  return call(parameters, context);
}
