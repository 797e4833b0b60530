import { type Failure, failure } from '../../domain/failure/failure.ts';
import { compareHashes } from '../../domain/package/integrity.ts';
import type { Packument, PublishedVersion } from '../../domain/package/packument.ts';
import type { Intent, PublishLedger } from '../../ports/catalog.ts';
import type { Registry } from '../../ports/registry.ts';
import type { OwnCopy } from './plan.ts';

export interface ReadBackDeps {
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
  readonly registry: Pick<Registry, 'readServed'>;
}

/** What a version found on the registry turned out to be. */
export type Found =
  /** The registry's document does not contradict the intent, and the served bytes are those of the intent. */
  | { readonly kind: 'ours'; readonly intent: Intent }
  | { readonly kind: 'differs'; readonly failure: Failure }
  /** The tarball cannot be read now. */
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * Compares a version on the registry with everything that we meant to publish as that version: by the hashes in its
 * document, then by the served bytes. The document alone proves nothing: a registry may keep the document of one
 * publisher and the tarball of another (Verdaccio 6.10.4, two uploads at once). Throws the signal's reason.
 */
export async function findWhoseItIs(
  { ledger, registry }: ReadBackDeps,
  name: string,
  found: PublishedVersion,
  signal: AbortSignal,
): Promise<Found> {
  const intents = await ledger.listIntents(name, found.version);
  const described = intents.filter(({ tarball }) => compareHashes(found.integrity, tarball) !== 'other');
  const expected = (described[0] ?? intents[0])?.tarball.integrity ?? '';
  const shown = { version: found.version, expected, found: found.integrity ?? 'no integrity' };
  if (described.length === 0) return { kind: 'differs', failure: failure('published-copy-differs', shown) };
  const lengths = described.map(({ tarball }) => tarball.bytes);
  const served = await registry.readServed(name, found, lengths, signal);
  if (served.kind === 'unreadable') return served;
  const integrity = served.kind === 'read' ? served.integrity : undefined;
  const intent = described.find(({ tarball }) => tarball.integrity === integrity);
  if (intent !== undefined) return { kind: 'ours', intent };
  const facts = { ...shown, served: integrity ?? 'bytes of another length' };
  return { kind: 'differs', failure: failure('published-copy-differs', facts) };
}

/**
 * Returns the document, with the hash of the served bytes where it shows no hash that can be compared with our copies
 * of this version. If the served bytes cannot be read, the document stays as it is.
 */
export async function withServedHash(
  registry: Pick<Registry, 'readServed'>,
  packument: Packument | undefined,
  version: string,
  copies: readonly OwnCopy[],
  signal: AbortSignal,
): Promise<Packument | undefined> {
  const found = packument?.versions.get(version);
  const isSilent = copies.some((copy) => compareHashes(found?.integrity, copy) === 'unknown');
  if (packument === undefined || found === undefined || !isSilent) return packument;
  const served = await registry.readServed(packument.name, found, [], signal);
  if (served.kind !== 'read') return packument;
  const known = { ...found, integrity: served.integrity };
  return { ...packument, versions: new Map(packument.versions).set(version, known) };
}
