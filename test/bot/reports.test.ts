import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDigest } from '../../src/bot/pages/digest.ts';
import { renderMonitor } from '../../src/bot/pages/monitor.ts';
import { renderReminder, renderReminders } from '../../src/bot/pages/reminder.ts';
import type { Digest } from '../../src/domain/announcement/digest.ts';
import type { Trouble } from '../../src/domain/failure/trouble.ts';
import type { Anomaly } from '../../src/domain/job/anomaly.ts';
import { anomalyKinds, wordAnomaly } from '../../src/domain/job/anomaly.ts';
import type { OpenFailure } from '../../src/domain/job/open-failure.ts';
import { summarizeDrift } from '../../src/domain/package/drift.ts';
import type { RepositoryId } from '../../src/domain/repository/repository.ts';
import { hostileText } from './hostile-text.ts';
import { attachedText, listProblems, textOf } from './message-limits.ts';
import { links } from './sample-job.ts';

const at = Date.UTC(2026, 10, 25, 8);

function anomaliesOf(text: string): readonly Anomaly[] {
  return [
    { kind: 'unexplained-drift', name: text, repository: text, version: text, latest: text },
    { kind: 'integrity-differs', name: text, version: text },
    { kind: 'latest-is-prerelease', name: text, latest: text, stable: text },
    { kind: 'latest-went-back', name: text, latest: undefined, before: text },
    { kind: 'latest-is-not-highest', name: text, latest: text, stable: text },
    { kind: 'manifest-broken', name: text, repository: text, path: '', why: text },
    { kind: 'package-vanished', name: text, repository: text },
    { kind: 'version-gone', name: text, versions: [text, text] },
    { kind: 'name-refused', name: text, why: text },
  ];
}

function failureOf(text: string, packages = 1): OpenFailure {
  return {
    job: 12,
    dispatchId: '7f3a0c41',
    repositoryId: 1 as RepositoryId,
    // A harmless name, because no other one can be registered.
    repository: 'studio/packages',
    commit: 'a'.repeat(40),
    pusher: text,
    finishedAt: at - 20 * 3_600_000,
    title: packages === 0 ? text : undefined,
    packages: Array.from({ length: packages }, (_, index) => ({
      name: `${text}.p${index}`,
      version: text,
      title: text,
    })),
    isRetryable: true,
    isDismissed: false,
  };
}

/** Makes a digest, monitor and reminders with this many of everything. */
function digestOf(text: string, count: number): Digest {
  const times = <T>(build: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => build(index));
  return {
    from: at - 24 * 3_600_000,
    to: at,
    jobs: { ended: count, failed: count, slowest: { job: 1, repository: text, durationMs: 90_000 } },
    published: times((index) => ({
      name: `${text}.p${index}`,
      version: '1.0.0',
      repository: text,
      job: index,
    })),
    failures: times(() => failureOf(text, 3)),
    olderFailures: count,
    parked: times((job) => ({ job, repository: text, waitingFor: text, since: at })),
    check: {
      at,
      names: 127,
      unknownNames: 5,
      repositories: 4,
      unreadRepositories: 1,
      drift: summarizeDrift([]),
      anomalies: times(() => anomaliesOf(text)).flat(),
      olderAnomalies: count,
    },
    expiring: times(() => ({ what: text, expiresAt: at })),
    wordedByRule: times(() => ({ why: text, times: 2 })),
    nextRuns: times(() => ({ name: text, at })),
    days: [],
  };
}

function troublesOf(text: string): readonly Trouble[] {
  return [
    { kind: 'many-failures', failed: 3, ended: 5 },
    { kind: 'slow', job: 7, repository: text, durationMs: 4_000_000 },
    { kind: 'stuck-job', job: 7, repository: text, status: 'running', since: at },
    { kind: 'dispatcher-failing', repository: text, runs: 3 },
    { kind: 'deliveries-lost', count: 6 },
    { kind: 'deliveries-unknown', detail: text },
    { kind: 'messages-wait', count: 2, since: at, detail: text },
  ];
}

function renderAll(text: string, count: number) {
  const pings = { users: ['323456789012345678'], roles: [] };
  return [
    renderDigest(digestOf(text, count), links),
    renderMonitor({
      kind: 'monitor',
      troubles: Array(count).fill(troublesOf(text)).flat(),
      stillOpen: 2,
      at,
    }),
    renderReminder(failureOf(text, count), at, links, { buttons: [], pings }),
    renderReminders({ kind: 'reminder', failures: Array(count).fill(failureOf(text, 2)), at }, links),
  ];
}

describe('digest, monitor and reminders', () => {
  it.each([0, 1, 5, 40, 1_000])('keep Discord’s limits with %i of everything', (count) => {
    for (const text of ['com.studio.core', 'x'.repeat(300), '*'.repeat(300)]) {
      expect(renderAll(text, count).flatMap(listProblems)).toEqual([]);
    }
  });

  it('are inert and within the limits, whatever names and reasons contain', () => {
    const limited = fc.tuple(hostileText(), fc.nat({ max: 12 }));
    fc.assert(
      fc.property(limited, ([text, count]) => {
        for (const message of renderAll(text, count)) {
          expect(listProblems(message)).toEqual([]);
          const shown = textOf(message);
          expect(shown).not.toMatch(/@everyone|@here|<@&?123|(?<!\\)\[click\]/);
          for (const unseen of ['\u202E', '\u2066', '\u0000', '\u001b']) expect(shown).not.toContain(unseen);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the digest', () => {
  it('names everything that happened, or attaches all of it', () => {
    const message = renderDigest(digestOf('com.studio.core', 40), links);
    const attached = attachedText(message);
    for (let index = 0; index < 40; index++) expect(attached).toContain(`com.studio.core.p${index}  1.0.0`);
    expect(attached.match(/The registry has lost/g)).toHaveLength(40);
    expect(message.files.map(({ name }) => name)).toEqual(['digest-2026-11-25.txt']);
    expect(textOf(message)).toMatch(/40 versions of 40 packages published[^+]*\+ 30 more, attached/);
  });

  it('needs no file when everything has room in it', () => {
    const message = renderDigest({ ...digestOf('com.studio.core', 1), expiring: [] }, links);
    expect(message.files.flatMap(({ name }) => name)).toEqual(['digest-2026-11-25.txt']);
    const small = { ...digestOf('core', 1), failures: [], check: undefined };
    expect(renderDigest(small, links).files).toEqual([]);
  });

  it('says how many names the registry did not answer for', () => {
    expect(textOf(renderDigest(digestOf('core', 1), links))).toContain(
      'The registry did not answer for 5 of 127 names',
    );
  });

  it('has a picture with a description for people who cannot see it', () => {
    const day = { jobs: 9, failedJobs: 1, published: 8, failed: 2, medianMs: 4_000, slowestMs: 65_000 };
    const days = ['2026-11-24', '2026-11-25'].map((date) => ({ ...day, day: date }));
    const { picture } = renderDigest({ ...digestOf('core', 1), days }, links);
    expect(picture?.alt).toBe(
      'Bars and lines of the last 2 days (UTC): 16 versions published, 4 failed; the slowest publish took 1 min 5 s.',
    );
    expect(picture?.svg).toContain('25 Nov');
  });
});

describe('an anomaly in the digest', () => {
  it('has a sentence and a remedy, whatever its kind', () => {
    const all = anomaliesOf('com.studio.core');
    expect(all.map(({ kind }) => kind).toSorted()).toEqual([...anomalyKinds].toSorted());
    for (const anomaly of all) {
      const { sentence, remedy } = wordAnomaly(anomaly);
      expect(sentence).toMatch(/com\.studio\.core.*[^.]$/);
      expect(remedy).toMatch(/\.$/);
      expect(sentence).not.toContain('undefined');
    }
  });
});
