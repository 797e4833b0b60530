import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { openDiskWorkspace } from '../adapters/packing/disk-workspace.ts';
import { tarballContents } from '../adapters/packing/tarball-contents.ts';
import { buildNpmRegistry, type NpmRegistry } from '../adapters/registry/npm-registry.ts';
import { buildDataVolume } from '../adapters/system/data-volume.ts';
import type { Config } from '../config/load-config.ts';
import { buildLooks } from '../publisher/judge/looks.ts';
import { noProgress } from '../publisher/run/progress.ts';
import type { PipelineLimits } from '../publisher/run/run.ts';
import { rememberLookups } from '../publisher/watch/catalog/remember-lookups.ts';
import { proveToken } from '../publisher/watch/upkeep/prove-credential.ts';
import { openStore, type Store } from '../store/store.ts';
import { openChangelog } from './open-changelog.ts';
import { openGitHub, openSource } from './open-github.ts';
import { openPacking } from './open-packing.ts';
import type { PipelineParts } from './open-pipeline.ts';
import type { AppDeps, Parts } from './parts.ts';

const mebibyte = 1024 * 1024;

export async function openParts(deps: AppDeps): Promise<Parts> {
  const { config, clock, logger } = deps;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const volume = buildDataVolume({ folder: config.dataDir });
  const store = await openData(deps);
  const workspace = await openDiskWorkspace(config.dataDir, {
    foldersAtOnce: 8,
    maxTarballBytes: 10 * config.packageSizeMaxMb * mebibyte,
    now: () => clock.now(),
    volume,
  });
  const github = openGitHub(deps);
  const source = openSource(deps, github.credentials, volume);
  const registry = openRegistry(deps, store);
  const memory = rememberLookups(registry);
  const packing = openPacking(deps, store, github.credentials);
  const pipeline: PipelineParts = {
    clock,
    logger,
    queue: store.queue,
    jobLog: store.jobLog,
    judged: store.judged,
    ledger: store.ledger,
    exceptions: store.exceptions,
    repositories: store.repositories,
    source,
    registry: memory.registry,
    registryCredentials: () => printToken(store.fingerprintKey, deps.secrets.npmToken() ?? ''),
    ...packing.deps,
    workspace,
    volume,
    trial: store.trial,
    contents: tarballContents,
    changelog: openChangelog(deps, store, source),
    preflight: {
      index: store.guidIndex,
      files: registry,
      registry,
      scopes: config.packageScopes,
      sizeWarnBytes: config.packageSizeWarnMb * mebibyte,
    },
    limits: limitsOf(config),
    progress: noProgress,
  };
  const looks = buildLooks({ clock, logger, marks: store.lookMarks });
  return { store, github, source, registry, memory, packing, looks, pipeline };
}

/** Returns a fingerprint of the token that reveals nothing without our key. */
function printToken(key: string, token: string): string {
  return createHmac('sha256', key).update(`registry ${token}`).digest('hex').slice(0, 32);
}

function limitsOf(config: Config): PipelineLimits {
  return {
    scopes: config.packageScopes,
    superseded: config.publishSuperseded,
    sizeWarnBytes: config.packageSizeWarnMb * mebibyte,
    sizeMaxBytes: config.packageSizeMaxMb * mebibyte,
    packagesAtOnce: 4,
    confirmInRunMs: 20_000,
  };
}

function openRegistry({ secrets, clock, logger, config }: AppDeps, store: Store): NpmRegistry {
  const registry = buildNpmRegistry({
    url: config.registryUrl,
    token: () => secrets.npmToken() ?? '',
    requestTimeoutMs: 15_000,
    putIdleTimeoutMs: 60_000,
    packuments: store.packuments,
    clock,
    logger,
  });
  return proveToken(registry, { ...store, logger });
}

async function openData({ config, clock, redact }: AppDeps): Promise<Store> {
  const { dataDir: folder, backupDir: backupFolder, registryUrl: registry } = config;
  return openStore({ folder, backupFolder, registry, clock, redact });
}

export async function closeParts(parts: Parts): Promise<void> {
  await parts.packing.stop();
  await parts.registry.stop();
  await parts.source.stop();
  await parts.store.close();
}
