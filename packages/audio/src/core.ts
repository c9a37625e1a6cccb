import type { FilterCore } from './filter-core.ts';
import { typescriptCore } from './typescript-core.ts';
import { wasmCore } from './wasm-core.ts';

/** What all streams of this process filter with. */
export const core: FilterCore = await bestCore(() => import('./filter-wasm.generated.ts'));

/** The wasm if it was built and the engine runs it, otherwise the same filter in TypeScript. */
export async function bestCore(load: () => Promise<{ FILTER_WASM: string }>): Promise<FilterCore> {
  try {
    const { FILTER_WASM } = await load();
    return wasmCore(FILTER_WASM);
  } catch {
    return typescriptCore;
  }
}
