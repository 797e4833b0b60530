import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Slug } from '../../domain/repository/repository.ts';
import { type RemoteDeps, repositoryUrlOf } from './fetch.ts';
import { authorizationOf, type Settings } from './git-env.ts';

const patienceMs = 15_000;

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

/** For the first fetch: asks the host for nothing but what it would send along with this commit. Does not throw. */
export async function findSettings(
  deps: RemoteDeps,
  slug: Slug,
  commit: string,
  signal: AbortSignal,
): Promise<Settings> {
  try {
    const answer = await ask(deps, slug, commit, signal);
    return answer.startsWith('shallow-info', 4) ? forShallowHosts : [];
  } catch {
    // Whatever is wrong is told by the fetch.
    return [];
  }
}

/** The beginning of the answer in protocol v2: its sections come in a fixed order (gitprotocol-v2, `fetch`). */
async function ask(deps: RemoteDeps, slug: Slug, commit: string, signal: AbortSignal): Promise<string> {
  const lines = [`want ${commit}\n`, `have ${commit}\n`, 'done\n'].map(packetLine);
  const header = authorizationOf(await deps.token(slug, signal));
  const response = await fetch(`${repositoryUrlOf(deps, slug)}/git-upload-pack`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    headers: {
      'user-agent': 'git/2 upm-auto-publisher',
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      ...(header === undefined ? {} : { authorization: header }),
    },
    body: `${packetLine('command=fetch\n')}0001${lines.join('')}0000`,
  });
  const reader = response.body?.getReader();
  const first = response.status === 200 ? await reader?.read() : undefined;
  await reader?.cancel();
  return Buffer.from(first?.value ?? []).toString('latin1');
}

function packetLine(text: string): string {
  return (text.length + 4).toString(16).padStart(4, '0') + text;
}
