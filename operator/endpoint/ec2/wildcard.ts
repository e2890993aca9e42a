/** A filter value, compiled: whether a text fits it. */
export type Matcher = (text: string) => boolean;

const ANY = Symbol('any number of characters');
const AT_MOST_ONE = Symbol('zero or one character');
type Step = string | typeof ANY | typeof AT_MOST_ONE;

/**
 * Compiles one value of an EC2 filter: `*` stands for any number of characters, `?` for zero or one, a backslash before either of them or
 * before another backslash takes that character literally. Case counts.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function wildcardMatcher(pattern: string): Matcher {
  const steps = stepsOf(pattern);
  if (steps.every((step) => typeof step === 'string')) {
    const literal = steps.join('');
    return (text) => text === literal;
  }
  return (text) => fits(steps, text);
}

/** The literal text of a pattern without wildcards, undefined for one that has some: lets a caller look values up in a set. */
export function literalOf(pattern: string): string | undefined {
  const steps = stepsOf(pattern);
  return steps.every((step) => typeof step === 'string') ? steps.join('') : undefined;
}

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  const characters = Array.from(pattern);
  for (let position = 0; position < characters.length; position += 1) {
    const character = characters[position] ?? '';
    const next = characters[position + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      steps.push(next);
      position += 1;
    } else if (character === '*') {
      // A run of stars is one star: keeps the number of states small.
      if (steps.at(-1) !== ANY) steps.push(ANY);
    } else {
      steps.push(character === '?' ? AT_MOST_ONE : character);
    }
  }
  return steps;
}

/**
 * Runs the pattern as a set of states, one pass over the text: steps x characters at worst, whatever the pattern. A regular expression made of
 * user input would backtrack without bound.
 */
function fits(steps: readonly Step[], text: string): boolean {
  let reached = withSkips(steps, new Uint8Array(steps.length + 1), 0);
  for (const character of text) {
    const next = new Uint8Array(steps.length + 1);
    let isAlive = false;
    for (let state = 0; state < steps.length; state += 1) {
      if (reached[state] === 0) continue;
      const step = steps[state];
      if (step === ANY) withSkips(steps, next, state);
      else if (step === AT_MOST_ONE || step === character) withSkips(steps, next, state + 1);
      else continue;
      isAlive = true;
    }
    if (!isAlive) return false;
    reached = next;
  }
  return reached[steps.length] === 1;
}

/** Marks a state and those behind it that need no character. */
function withSkips(steps: readonly Step[], states: Uint8Array, from: number): Uint8Array {
  for (let state = from; states[state] !== 1; state += 1) {
    states[state] = 1;
    if (state === steps.length || typeof steps[state] === 'string') break;
  }
  return states;
}
