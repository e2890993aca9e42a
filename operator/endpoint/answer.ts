/** What is sent back. A long document comes in chunks; reading them may throw, which is a mistake of ours. */
export interface Answer {
  status: number;
  contentType: string;
  headers?: Readonly<Record<string, string>>;
  body: string | Uint8Array | Iterable<string>;
}

/** An operation's answer. A short document becomes one text, so that it can have a length and a failure while writing it is still answered as one. */
export function answerFrom(chunks: Generator<string, void>, contentType: string): Answer {
  const first = chunks.next();
  const second = chunks.next();
  if (first.done || second.done) return { status: 200, contentType, body: first.value ?? '' };
  return { status: 200, contentType, body: concatenated(first.value, second.value, chunks) };
}

function* concatenated(first: string, second: string, rest: Iterable<string>): Generator<string, void> {
  yield first;
  yield second;
  yield* rest;
}
