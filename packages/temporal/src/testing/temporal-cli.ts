import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is said where a test needs a Temporal server and this machine has none. */
export const HOW_TO_GET_TEMPORAL =
  'no `temporal` in TEMPORAL_CLI_PATH, PATH, GOPATH/bin or ~/go/bin; build it once with ' +
  '`go install github.com/temporalio/cli/cmd/temporal@v1.5.1`';

/** Path of Temporal's server for development, or null when this machine has none. */
export function findTemporalCli({ TEMPORAL_CLI_PATH, PATH, GOPATH }: Environment): string | null {
  if (TEMPORAL_CLI_PATH) return TEMPORAL_CLI_PATH;
  const folders = [...split(PATH), ...split(GOPATH).map((path) => join(path, 'bin'))];
  const places = [...folders, join(homedir(), 'go', 'bin')].map((path) => join(path, 'temporal'));
  return places.find(isProgram) ?? null;
}

function split(paths: string | undefined): string[] {
  return paths?.split(delimiter).filter((path) => path !== '') ?? [];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
