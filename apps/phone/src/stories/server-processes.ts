import { readdirSync, readFileSync } from 'node:fs';

/** The engine processes of a server, by the file that they run, as Linux tells. */
export function engineProcesses(serverPid: number): ReadonlyMap<string, number> {
  return new Map(
    readdirSync(`/proc/${serverPid}/task`)
      .flatMap((task) => childrenOf(serverPid, task))
      .map((pid) => [engineOf(pid), pid]),
  );
}

/** Kills it as the kernel does when memory runs out. */
export function killEngine(serverPid: number, engine: string): number {
  const pid = engineProcesses(serverPid).get(engine);
  if (pid === undefined) throw new Error(`The server has no ${engine} process`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

function childrenOf(pid: number, task: string): readonly number[] {
  const pids = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').match(/\d+/g) ?? [];
  return pids.map(Number);
}

function engineOf(pid: number): string {
  return /([\w-]+)-process\.ts/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? '';
}
