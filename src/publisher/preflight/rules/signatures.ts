import { attestationFile } from '../../../domain/package/signing.ts';
import type { PackageRule } from './rule.ts';

/** Reports a committed signature. It signs other bytes than those that are packed here, so it is never staged. */
export const staleAttestation: PackageRule = {
  id: 'sign.stale-attestation',
  severity: 'warn',
  finds: 'a committed `.attestation.p7m`; it is left out of what is packed',
  why: 'It is the signature of other bytes, which editors show as invalid',
  check: ({ committed }) =>
    (committed ?? []).some(({ path }) => path === attestationFile)
      ? [
          {
            file: attestationFile,
            message: `The committed ${attestationFile} is left out: it is of other bytes; remove it from the repository`,
          },
        ]
      : [],
};
