/** Compiles `assembly/filter.ts` to wasm and leaves it in `src/filter-wasm.generated.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = fileURLToPath(new URL('.', import.meta.url));
const outputs = new Map<string, Uint8Array | string>();

const { error, stderr } = await asc.main(
  ['assembly/filter.ts', '--outFile', 'filter.wasm', '--optimizeLevel', '3']
    .concat(['--shrinkLevel', '0', '--runtime', 'stub', '--noAssert', '--enable', 'simd'])
    .concat(['--importMemory', '--zeroFilledMemory']),
  {
    readFile: (name: string, base: string) => readSource(`${base}/${name}`),
    writeFile: (name: string, contents: Uint8Array | string) => {
      outputs.set(name, contents);
    },
    listFiles: () => [],
  },
);
const wasm = outputs.get('filter.wasm');
if (error || !(wasm instanceof Uint8Array)) {
  throw new Error(`AssemblyScript: ${stderr.toString()}`, { cause: error });
}
const base64 = Buffer.from(wasm).toString('base64');
writeFileSync(
  `${here}src/filter-wasm.generated.ts`,
  `/** Made by build-wasm.ts from assembly/filter.ts: ${wasm.length} bytes. */\nexport const FILTER_WASM =\n  '${base64}';\n`,
);

function readSource(path: string): string | null {
  try {
    return readFileSync(`${here}${path}`, 'utf8');
  } catch (missing) {
    if (missing instanceof Error && 'code' in missing && missing.code === 'ENOENT') return null;
    throw missing;
  }
}
