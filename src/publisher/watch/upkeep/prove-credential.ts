import type { CredentialName } from '../../../domain/repository/credential.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { CredentialMemory } from '../../../ports/memory.ts';
import type { Registry } from '../../../ports/registry.ts';
import type { JobFindings } from '../../../ports/schedule.ts';
import { credentialCheck, describeTaken } from './check-credentials.ts';

export interface ProofDeps {
  readonly credentialMemory: Pick<CredentialMemory, 'markTaken'>;
  readonly findings: JobFindings;
  readonly logger: Logger;
}

/**
 * Wraps a registry. A good answer to a request with our token ends a refusal that the last check remembers, and
 * announces it without waiting for the next check.
 */
export function proveToken<Known extends Pick<Registry, 'put' | 'setDistTag' | 'probe'>>(
  registry: Known,
  deps: ProofDeps,
): Known {
  return {
    ...registry,
    put: async (upload, signal) => {
      const answer = await registry.put(upload, signal);
      if (answer.kind === 'accepted') await prove(deps, 'registry');
      return answer;
    },
    setDistTag: async (name, tag, version, signal) => {
      await registry.setDistTag(name, tag, version, signal);
      await prove(deps, 'registry');
    },
    probe: async (signal) => {
      await registry.probe(signal);
      await prove(deps, 'registry');
    },
  };
}

/** Never throws: the request succeeded, whether or not that can be written down. */
async function prove({ credentialMemory, findings, logger }: ProofDeps, name: CredentialName): Promise<void> {
  try {
    if (!(await credentialMemory.markTaken(name))) return;
    logger.info('a credential that was refused works again', { credential: name });
    await findings.settle(credentialCheck, [describeTaken(name)]);
  } catch (error) {
    logger.warn('that a credential works could not be written down', { credential: name, error });
  }
}
