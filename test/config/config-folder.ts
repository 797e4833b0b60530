import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type LoadOptions, loadConfig, type Secrets } from '../../src/config/load-config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The required settings. */
export const needed: Environment = {
  GITHUB_OWNERS: 'studio, Other-Studio',
  UPM_REGISTRY: 'https://registry.example.test/npm',
  NPM_TOKEN: 'the-token-of-the-registry',
  PACKAGE_SCOPES: 'com.studio,3rd',
};

/** A folder for the files of a configuration, and what loading them with an environment gives. */
export interface ConfigFolder {
  readonly path: string;
  /** Loads with the required settings added; throws with the problems when there are any. */
  load(env: Environment, options?: LoadOptions): { readonly config: Config; readonly secrets: Secrets };
  /** Returns the problems of exactly this environment, one a line. */
  problems(env: Environment, options?: LoadOptions): readonly string[];
  /** Writes a file and returns its path. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

export async function openConfigFolder(): Promise<ConfigFolder> {
  const path = await mkdtemp(join(tmpdir(), 'config-'));
  return {
    path,
    load: (env, options) => {
      const loaded = loadConfig({ ...needed, ...env }, path, options);
      if (loaded.kind === 'problems') throw new Error(loaded.text);
      return loaded;
    },
    problems: (env, options) => {
      const loaded = loadConfig(env, path, options);
      return loaded.kind === 'loaded' ? [] : loaded.text.split('\n').slice(1);
    },
    write: async (name, text) => {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    remove: async () => rm(path, { recursive: true, force: true }),
  };
}
