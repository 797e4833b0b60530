import pLimit from 'p-limit';
import { buildLfsObjects } from '../adapters/lfs/lfs-objects.ts';
import { buildPacker } from '../adapters/packing/packer.ts';
import { buildSecretScanner } from '../adapters/secrets/scanner.ts';
import { buildCommandSigner } from '../adapters/signer/command-signer.ts';
import type { GitCredentials } from '../ports/git.ts';
import type { Signer } from '../ports/packing.ts';
import type { Store } from '../store/store.ts';
import type { AppDeps, Packing } from './parts.ts';

export function openPacking(deps: AppDeps, { fingerprintKey }: Store, credentials: GitCredentials): Packing {
  const { clock, config, logger } = deps;
  const packer = buildPacker({ threads: 2, timeoutMs: 5 * 60_000, memoryMb: 512, logger });
  const secrets = buildSecretScanner({
    threads: 2,
    timeoutMs: 2 * 60_000,
    memoryMb: 256,
    fingerprintKey,
    logger,
  });
  const lfs = buildLfsObjects({
    serverUrl: config.githubServerUrl,
    token: async (slug, signal) => credentials.tokenFor(slug, 'read', signal),
    renewToken: (slug) => credentials.renew(slug),
    clock,
    timeoutMs: 5 * 60_000,
    silenceMs: 30_000,
  });
  const signer = openSigner(deps);
  return {
    deps: { packer, secrets, lfs, signing: { policy: config.signingPolicy, signer } },
    warm: () => {
      packer.warm();
      secrets.warm();
    },
    stop: async () => {
      await packer.stop();
      await secrets.stop();
      await signer?.stop();
    },
  };
}

/** The limit of signing programs at a time, over all jobs: each is a process. */
const signersAtOnce = 2;

function openSigner({ config, secrets }: AppDeps): Signer | undefined {
  const { signerCommand: command } = config;
  if (command === undefined) return undefined;
  const timeoutMs = config.signerTimeoutSeconds * 1000;
  const signer = buildCommandSigner({ command, env: () => secrets.signerEnv(), timeoutMs });
  const limit = pLimit(signersAtOnce);
  return { ...signer, sign: async (request, signal) => limit(async () => signer.sign(request, signal)) };
}
