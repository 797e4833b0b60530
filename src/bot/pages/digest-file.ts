import type { Digest } from '../../domain/announcement/digest.ts';
import { wordAnomaly } from '../../domain/job/anomaly.ts';
import { listFailure } from '../messages/open-failure.ts';
import { plainLine } from '../text/text.ts';

/** Lists the whole digest, one line per fact, for what does not fit into the message. */
export function listDigest(digest: Digest): readonly string[] {
  const { failures, parked, published, expiring, check } = digest;
  return [
    `Digest of ${new Date(digest.from).toISOString()} to ${new Date(digest.to).toISOString()}`,
    ...section(`Failed and still open: ${failures.length}`, failures.flatMap(listFailure)),
    ...section(
      `New anomalies: ${check?.anomalies.length ?? 0}`,
      (check?.anomalies ?? []).flatMap((anomaly) => {
        const { sentence, remedy } = wordAnomaly(anomaly);
        return [plainLine(sentence), `  → ${remedy}`];
      }),
    ),
    ...section(
      `Parked: ${parked.length}`,
      parked.map(({ job, repository, waitingFor, since }) =>
        plainLine(`#${job}  ${repository}  waits for ${waitingFor} since ${new Date(since).toISOString()}`),
      ),
    ),
    ...section(
      `Credentials to renew: ${expiring.length}`,
      expiring.map(({ what, expiresAt }) => plainLine(`${what}  ${new Date(expiresAt).toISOString()}`)),
    ),
    ...section(
      `Published: ${published.length}`,
      published.map(({ name, version, repository, job }) =>
        plainLine(`${name}  ${version}  ${repository}  #${job}`),
      ),
    ),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
