import type { FilterCore } from './filter-core.ts';
import { typescriptCore } from './typescript-core.ts';
import { wasmCore } from './wasm-core.ts';

/** What all streams of this process filter with: the wasm if it is there and compiles. */
export const core: FilterCore = await bestCore();

async function bestCore(): Promise<FilterCore> {
  try {
    const { FILTER_WASM } = await import('./filter-wasm.generated.ts');
    return wasmCore(FILTER_WASM);
  } catch {
    return typescriptCore;
  }
}
