import { type FilterCore, type FilterState, MAX_BLOCK, outputCount } from './filter-core.ts';
import type { FilterBank } from './kernel.ts';
import { MULAW_CODES, MULAW_SAMPLES } from './mulaw.ts';
import { passing } from './slab.ts';

/** What `assembly/filter.ts` exports. Addresses are bytes, counts are samples. */
interface Exports {
  filter(
    window: number,
    bank: number,
    taps: number,
    phases: number,
    step: number,
    position: number,
    outputs: number,
    out: number,
    codeTable: number,
  ): void;
  expand(codes: number, count: number, sampleTable: number, window: number): void;
}

const PAGE_BYTES = 65_536;
/** Between 4 kHz and 192 kHz. */
const LARGEST_RATIO = 48;
const MOST_TAPS = 2048;
/** No code table: the output is samples. */
const AS_SAMPLES = 0;

// One memory for all calls: tables, then the room that each run uses, then the banks.
const SAMPLE_TABLE = 1024;
const CODE_TABLE = SAMPLE_TABLE + 512;
const CODES = CODE_TABLE + 16_384;
const WINDOW = CODES + MAX_BLOCK;
const OUT = WINDOW + (MOST_TAPS + MAX_BLOCK) * 2;
const BANKS = OUT + MAX_BLOCK * LARGEST_RATIO * 2;

/** The filter in WebAssembly SIMD. Throws where the engine has no SIMD or the wasm is damaged. */
export function wasmCore(base64: string): FilterCore {
  const wasm = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(BANKS / PAGE_BYTES) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { memory } });
  return new WasmCore(memory, instance.exports as unknown as Exports);
}

class WasmCore implements FilterCore {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  readonly #banks = new Map<FilterBank, number>();
  #end = BANKS;
  #samples: Int16Array;
  #bytes: Uint8Array;

  constructor(memory: WebAssembly.Memory, exports: Exports) {
    this.#memory = memory;
    this.#exports = exports;
    this.#samples = new Int16Array(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#samples.set(MULAW_SAMPLES, SAMPLE_TABLE / 2);
    this.#bytes.set(MULAW_CODES, CODE_TABLE);
  }

  resample(bank: FilterBank, state: FilterState, samples: Int16Array): Int16Array {
    const address = this.#bank(bank);
    this.#samples.set(samples, WINDOW / 2 + state.history.length);
    const outputs = this.#filter(bank, address, state, samples.length, AS_SAMPLES);
    return this.#output(outputs);
  }

  decode(bank: FilterBank, state: FilterState, codes: Uint8Array): Int16Array {
    const address = this.#bank(bank);
    this.#bytes.set(codes, CODES);
    const window = WINDOW + state.history.length * 2;
    this.#exports.expand(CODES, codes.length, SAMPLE_TABLE, window);
    const outputs = this.#filter(bank, address, state, codes.length, AS_SAMPLES);
    return this.#output(outputs);
  }

  encode(bank: FilterBank, state: FilterState, samples: Int16Array): Uint8Array {
    const address = this.#bank(bank);
    this.#samples.set(samples, WINDOW / 2 + state.history.length);
    const outputs = this.#filter(bank, address, state, samples.length, CODE_TABLE);
    const codes = passing.codes(outputs);
    codes.set(this.#bytes.subarray(OUT, OUT + outputs));
    return codes;
  }

  #output(count: number): Int16Array {
    const samples = passing.samples(count);
    samples.set(this.#samples.subarray(OUT / 2, OUT / 2 + count));
    return samples;
  }

  /** Filters what lies behind the history's place in the window; returns how much came out. */
  #filter(
    bank: FilterBank,
    address: number,
    state: FilterState,
    count: number,
    table: number,
  ): number {
    const { phases, step, taps } = bank;
    const { history, position } = state;
    const outputs = outputCount(bank, position, count);
    const samples = this.#samples;
    samples.set(history, WINDOW / 2);
    this.#exports.filter(WINDOW, address, taps, phases, step, position, outputs, OUT, table);
    const newest = WINDOW / 2 + count;
    for (let i = 0; i < history.length; i++) history[i] = samples[newest + i] ?? 0;
    state.position = position + outputs * step - count * phases;
    return outputs;
  }

  #bank(bank: FilterBank): number {
    return this.#banks.get(bank) ?? this.#place(bank);
  }

  #place(bank: FilterBank): number {
    const address = this.#end;
    this.#end += bank.coefficients.byteLength;
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#samples = new Int16Array(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#samples.set(bank.coefficients, address / 2);
    this.#banks.set(bank, address);
    return address;
  }
}
