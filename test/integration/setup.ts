import type { Context } from 'mocha';
import { sharedControlPlane, stopSharedControlPlane } from '../support/control-plane.ts';

/** A first run builds the control plane's programs. */
const BUILD_MILLISECONDS = 30 * 60_000;

/** Mocha's root hooks: one control plane for all files of the process. */
export const mochaHooks = {
  async beforeAll(this: Context): Promise<void> {
    this.timeout(BUILD_MILLISECONDS);
    await sharedControlPlane();
  },
  async afterAll(this: Context): Promise<void> {
    this.timeout(60_000);
    await stopSharedControlPlane();
  },
};
