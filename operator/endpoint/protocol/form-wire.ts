import { answerFrom } from '../answer.ts';
import { parametersOf, withoutProtocolParameters } from '../parameters.ts';
import { decode } from './decode.ts';
import { encode, encodeError } from './encode.ts';
import { treeFrom } from './form.ts';
import type { Wire } from './wire.ts';

const contentType = 'text/xml;charset=UTF-8';

/** The query protocols: form fields in, XML out. */
export const formWire: Wire = {
  open: (request) => {
    const tree = treeFrom(parametersOf(request));
    return { action: tree.children?.get('Action')?.value, inputFor: ({ dialect }, plan) => decode(withoutProtocolParameters(tree), plan.input, dialect) };
  },
  answer: (service, plan, output, requestId) => answerFrom(encode(service, plan, output, requestId), contentType),
  error: (service, error, requestId) => ({ status: error.status, contentType, body: encodeError(service, error, requestId) }),
};
