import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';

// A second less at each start but the first. In a directory of ours: what is found there is run.
enableCompileCache(resolve(import.meta.dirname, '../../../node_modules/.cache/earshot'));

await import('./serve.ts');
