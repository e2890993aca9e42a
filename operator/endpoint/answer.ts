import type { AwsError } from './errors.ts';
import { encodeError } from './protocol/encode.ts';
import { dialectOf } from './protocol/registry.ts';
import type { Service } from './protocol/registry.ts';

/** An XML document; in chunks if it is long. Reading the chunks may throw, which is a mistake of ours. */
export interface Answer {
  status: number;
  body: string | Iterable<string>;
}

/** An error document for what happens outside the pipeline (too large a body, a method that nobody has) in the form the client expects. */
export function errorAnswer(error: AwsError, requestId: string, answerAs: Pick<Service, 'dialect' | 'xmlNamespace'> = dialectOf('ec2')): Answer {
  return { status: error.status, body: encodeError(answerAs, error, requestId) };
}

/** An operation's answer. A short document becomes one text, so that it can have a length and a failure while writing it is still answered as one. */
export function answerFrom(chunks: Generator<string, void>): Answer {
  const first = chunks.next();
  const second = chunks.next();
  if (first.done || second.done) return { status: 200, body: first.value ?? '' };
  return { status: 200, body: concatenated(first.value, second.value, chunks) };
}

function* concatenated(first: string, second: string, rest: Iterable<string>): Generator<string, void> {
  yield first;
  yield second;
  yield* rest;
}
