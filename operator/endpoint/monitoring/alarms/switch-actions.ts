import { allBounded } from '../../../kubernetes/bounded.ts';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../errors.ts';
import { alarmOfName, changeAlarm } from './find-alarms.ts';

const NAMES_LIMIT = 100;

/** Switches the actions of alarms; those that are as wanted are not written. @throws AwsError ValidationError */
export async function switchActions(names: readonly string[], actionsEnabled: boolean, context: OperationContext): Promise<void> {
  if (names.length > NAMES_LIMIT) throw validationError(`The collection AlarmNames must not have a size greater than ${String(NAMES_LIMIT)}.`);
  const others = [...new Set(names)].filter((name) => {
    const alarm = alarmOfName(name, context);
    return alarm !== undefined && alarm.spec.actionsEnabled !== actionsEnabled;
  });
  await allBounded(others, 8, async (name) => changeAlarm(name, () => ({ actionsEnabled }), context));
}
