import process from 'node:process';

/** Of a developer's environment only this is let through: a story is the same everywhere. */
const NEEDED = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_OPTIONS'];

/** The environment of a server of which nothing is configured, but that it keeps to itself. */
export function storyEnvironment(folder: string): Readonly<Record<string, string | undefined>> {
  const { env } = process;
  return {
    ...Object.fromEntries(NEEDED.map((name) => [name, env[name]])),
    DATA_DIR: folder,
    // Not what a developer happens to have: the same engines everywhere.
    MODELS_DIR: `${folder}/models`,
    MODELS_DOWNLOAD: 'never',
    LANGUAGE_MODEL: 'front-desk',
    GRACE_MS: '0',
  };
}
