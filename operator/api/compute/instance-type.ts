import { API_GROUP } from '../shared.ts';

/** On an instance type (a VirtualMachineClusterInstancetype): EC2's word for its architecture, `x86_64` when absent. */
export const ARCHITECTURE_LABEL = `${API_GROUP}/architecture`;
