import type * as ec2 from '@aws-sdk/client-ec2';
import type { ResponseChecker } from './response-violations.ts';

/** What an SDK client was answered: operations that it called, and what was wrong with answers. */
export interface Watched {
  called: Set<string>;
  violations: string[];
}

/** Checks every answer of an SDK client by the SDK's own schema, those that waiters and paginators get too. Any of the SDK's clients will do. */
export function watchAnswers(client: { middlewareStack: unknown }, checker: ResponseChecker, watched: Watched): void {
  (client as ec2.EC2Client).middlewareStack.add(
    (next, context) => async (input) => {
      const result = await next(input);
      const operation = String(context.commandName).replace(/Command$/, '');
      watched.called.add(operation);
      watched.violations.push(...checker.violations(operation, result.output));
      return result;
    },
    { step: 'initialize', name: 'checkAnswer' },
  );
}
