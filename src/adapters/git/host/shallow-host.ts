import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { Settings } from '../git-env.ts';
import { askHost, packetLine } from './ask-host.ts';
import type { RemoteDeps } from './fetch.ts';

const beginningBytes = 64;

/**
 * git 2.39 over protocol v2 looks for what a shallow host is cut off at, as a file that a partial clone lacks: it fetches
 * that from the same host by itself, which looks for it again, and so on until it is ended. Over v0 it does not.
 */
const forShallowHosts: Settings = [['protocol.version', '0']];

/** True for a mirror that lacks the oldest commits because its host does. */
export function isShallow(folder: string): boolean {
  return existsSync(join(folder, 'shallow'));
}

/** For fetches into a mirror that holds something already. */
export function settingsFor(folder: string): Settings {
  return isShallow(folder) ? forShallowHosts : [];
}

/** For the first fetch: asks the host for nothing but what it would send along with this commit. Throws what `token` throws. */
export async function findSettings(
  deps: RemoteDeps,
  slug: Slug,
  commit: string,
  signal: AbortSignal,
): Promise<Settings> {
  // Whatever is wrong is told by the fetch.
  const answer = await ask(deps, slug, commit, signal);
  return answer.startsWith('shallow-info', 4) ? forShallowHosts : [];
}

/** The beginning of the answer in protocol v2: its sections come in a fixed order (gitprotocol-v2, `fetch`). */
async function ask(deps: RemoteDeps, slug: Slug, commit: string, signal: AbortSignal): Promise<string> {
  const lines = [`want ${commit}\n`, `have ${commit}\n`, 'done\n'].map(packetLine);
  const body = `${packetLine('command=fetch\n')}0001${lines.join('')}0000`;
  const answer = await askHost(deps, { slug, body, maxBytes: beginningBytes }, signal);
  return answer?.toString('latin1') ?? '';
}
