import { describe } from 'vitest';
import type { CallStore } from '../call-store.ts';
import { belongingsContract } from './call-belongings.contract.ts';
import { callCreationContract } from './call-creation.contract.ts';
import { callLifeContract } from './call-life.contract.ts';
import { callListContract } from './call-list.contract.ts';

/** Opens a store that is empty. Disposing it closes it. */
export type OpenCallStore = () => Promise<AsyncDisposable & { readonly store: CallStore }>;

/** What every call store does. */
export function callStoreContract(name: string, open: OpenCallStore): void {
  describe(name, () => {
    callCreationContract(open);
    callLifeContract(open);
    callListContract(open);
    belongingsContract(open);
  });
}
