import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Completes package-lock.json after a change of dependencies. A registry that does not carry a
 * package's builds for other platforms makes npm leave those out of the lock, and `npm ci` then calls
 * the lock incomplete. Here they are named, with the platform that keeps them from being fetched.
 * Run: node .ci/complete-lock.ts
 */
interface Package {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: { packages: Record<string, Package> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
);

/** Platforms as they occur in package names, and npm's words for them. */
const OS = /android|darwin|freebsd|openbsd|netbsd|linux|openharmony|sunos|aix|win32|wasi/;
const CPU =
  /arm64|aarch64|armv?[67]?|x64|x86_64|ia32|ppc64(?:le)?|riscv64|s390x|loong64|mips64el|wasm32/;

function placeholder(name: string, version: string): object {
  const os = OS.exec(name)?.[0] ?? 'none';
  const cpu = CPU.exec(name)?.[0] ?? 'none';
  const libc = /musl/.test(name) ? { libc: ['musl'] } : {};
  return {
    version,
    cpu: [cpu.startsWith('armv') ? 'arm' : cpu],
    ...libc,
    optional: true,
    os: [os],
  };
}

let added = 0;
for (const { optionalDependencies = {} } of Object.values(lock.packages))
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    if (lock.packages[place] || !/^\d/.test(version)) continue;
    lock.packages[place] = placeholder(name, version) as Package;
    added++;
  }

const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages for other platforms added`);
