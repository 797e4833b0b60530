import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureButtons } from '../../src/bot/components/failure-buttons.ts';
import { renderFailed } from '../../src/bot/embeds/failed.ts';
import { renderOutage, renderRefused } from '../../src/bot/embeds/notices.ts';
import { type JobProgress, renderProgress } from '../../src/bot/embeds/progress.ts';
import { renderPublished } from '../../src/bot/embeds/published.ts';
import { inert } from '../../src/bot/text.ts';
import type { JobFinished } from '../../src/domain/announcement.ts';
import { renderFailure } from '../../src/domain/failure.ts';
import { type PackageReport, packageStates } from '../../src/domain/report.ts';
import type { Message } from '../../src/ports/channel.ts';
import { hostileText } from './hostile-text.ts';
import { attachedText, listProblems, textOf } from './message-limits.ts';
import { links, sampleFailed, sampleHeld, sampleJob, samplePackage } from './sample-job.ts';

const retried = { by: '1234567890123456789', as: 124 };

function renderFailure_(ended: JobFinished): Message {
  return renderFailed(ended, links, failureButtons(ended, retried));
}

/** Both messages of a job, as the thread shows them. */
function renderBoth(ended: JobFinished): readonly Message[] {
  const isFailed = ended.status === 'failed' || ended.status === 'partially-failed';
  return isFailed ? [renderPublished(ended, links), renderFailure_(ended)] : [renderPublished(ended, links)];
}

function names(count: number, length = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    `com.studio.p${index}.`.padEnd(length, 'x').replace(/\.$/, ''),
  );
}

/** Packages worth a word that neither a message names in full nor a file lists. */
function listDropped(ended: JobFinished, messages: readonly Message[]): readonly string[] {
  const shown = messages.map(textOf).join('\n');
  const attached = new Set(
    messages.flatMap((message) => attachedText(message).match(/^\S+ {2}\S+(?= )/gmu) ?? []),
  );
  return ended.packages
    .filter(({ outcome }) => ['published', 'failed', 'held', 'withdrawn'].includes(outcome))
    .filter(({ name, outcome }) => !attached.has(`${outcome}  ${name}`) && !isShown(shown, name))
    .map(({ name }) => name);
}

function isShown(shown: string, name: string): boolean {
  const whole = inert(name, 1_000).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${whole}(?![\\w.-])`, 'u').test(shown);
}

const sizes = [1, 4, 25, 109, 1_000];

describe('what a job says when it ends', () => {
  const shapes: readonly (readonly [string, (list: readonly string[]) => readonly PackageReport[]])[] = [
    ['published', (list) => list.map((name) => samplePackage(name))],
    ['failed', (list) => list.map((name) => sampleFailed(name))],
    [
      'one failed that holds the others',
      ([first = '', ...list]) => [sampleFailed(first), ...list.map((name) => sampleHeld(name, first))],
    ],
    [
      'mixed',
      (list) =>
        list.map((name, index) =>
          index % 3 === 0
            ? samplePackage(name, {
                warnings: Array.from({ length: 9 }, (_, at) => `warning ${at} of ${name}`),
              })
            : index % 3 === 1
              ? sampleFailed(name, { findings: manyFindings(name) })
              : sampleHeld(name, list[1] ?? ''),
        ),
    ],
  ];
  const lengths = [0, 214];
  const table = shapes.flatMap(([title, build]) =>
    sizes.flatMap((count) => lengths.map((length) => ({ title, count, length, build }))),
  );

  it.each(table)(
    '$count packages ($title, names of $length or few characters) fit, and none is dropped',
    ({ count, length, build }) => {
      const about = { subject: 'x'.repeat(100 * 1024), author: 'y'.repeat(10_000), branch: 'z'.repeat(250) };
      const ended = sampleJob(build(names(count, length)), { about });
      const messages = renderBoth(ended);
      expect(messages.flatMap(listProblems)).toEqual([]);
      expect(listDropped(ended, messages)).toEqual([]);
    },
  );

  it.each(sizes)('tells how many of %i packages were published', (count) => {
    const message = renderPublished(sampleJob(names(count).map((name) => samplePackage(name))), links);
    expect(message.embeds[0]?.title).toBe(
      count === 1
        ? '📦 Package Published Successfully'
        : `📦 Package Published Successfully (${count} packages)`,
    );
    expect(message.files.length).toBe(count > 10 ? 1 : 0);
  });

  it('keeps the commit and the repository in sight however much else there is to say', () => {
    const ended = sampleJob(
      [
        ...names(30, 214).map((name) => sampleFailed(name, { findings: manyFindings(name) })),
        ...names(60, 200).map((name) => samplePackage(name, { warnings: ['w'.repeat(1_000)] })),
      ],
      { about: { subject: '*'.repeat(5_000), author: '_'.repeat(500), branch: '~'.repeat(250) } },
    );
    for (const message of renderBoth(ended)) {
      const fields = message.embeds[0]?.fields.map(({ name }) => name);
      expect(fields).toEqual(expect.arrayContaining(['Repository', 'Branch', 'Took', 'Commit']));
    }
  });

  it('attaches the whole of a title, remedy, finding or warning that it had to cut', () => {
    const long = `start ${'*'.repeat(700)} end`;
    const finding = { rule: 'r', severity: 'block', message: long } as const;
    const failing: readonly Partial<PackageReport>[] = [
      { title: long },
      { remedy: long },
      { findings: [finding] },
    ];
    for (const more of failing) {
      expect(attachedText(renderFailure_(sampleJob([sampleFailed('com.studio.a', more)])))).toContain(long);
    }
    const warned = samplePackage('com.studio.a', { warnings: [long] });
    expect(attachedText(renderPublished(sampleJob([warned]), links))).toContain(long);
  });

  it('attaches a job’s own failure that it had to cut', () => {
    const remedy = `start ${'*'.repeat(700)} end`;
    const failed = renderFailure({ reason: 'no-packages-found', facts: { commit: '0123456' } });
    const ended = sampleJob([], { status: 'failed', failure: { ...failed, remedy } });
    expect(attachedText(renderFailure_(ended))).toContain(remedy);
  });

  it('lists one package per line of the file, whatever its texts hold', () => {
    const forged = 'x\npublished  com.studio.evil 9.9.9  (root)\u202E\u001b[31m';
    const list = Array.from({ length: 12 }, (_, index) =>
      sampleFailed(`com.studio.p${index}`, { title: forged }),
    );
    const text = attachedText(renderFailure_(sampleJob(list)));
    expect(text.split('\n').filter((line) => line.startsWith('published'))).toEqual([]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
  });
});

function manyFindings(name: string): PackageReport['findings'] {
  return Array.from({ length: 200 }, (_, index) => ({
    rule: 'meta-file',
    severity: index % 2 === 0 ? 'block' : 'warn',
    file: `Packages/${name}/File${index}.cs`,
    message: `File${index}.cs has no .meta file: open the package in Unity once and commit what it makes`,
  }));
}

const slug = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/);
const sha = fc.stringMatching(/^[0-9a-f]{40}$/);
const textOrNull = (pieces: number): fc.Arbitrary<string | null> => fc.option(hostileText(pieces));
const finding = fc.record({
  rule: hostileText(2),
  severity: fc.constantFrom('block', 'warn', 'info'),
  file: hostileText(4),
  message: hostileText(12),
});

function hostilePackage(pieces: number): fc.Arbitrary<PackageReport> {
  return fc.record({
    name: hostileText(pieces),
    version: textOrNull(pieces),
    previousVersion: textOrNull(pieces),
    path: hostileText(pieces),
    outcome: fc.constantFrom(...packageStates),
    reason: fc.constantFrom('registry-forbidden', 'version-withdrawn', 'unheard-of', null),
    title: textOrNull(pieces),
    remedy: textOrNull(pieces),
    distTag: textOrNull(pieces),
    integrity: fc.constantFrom('sha512-AAAA', null),
    tarballBytes: fc.option(fc.nat()),
    findings: fc.array(finding, { maxLength: 6 }),
    changelog: textOrNull(pieces),
    wordedByModel: fc.boolean(),
    additions: fc.array(hostileText(2), { maxLength: 2 }),
    warnings: fc.array(hostileText(pieces), { maxLength: 6 }),
  });
}

function hostileJob(pieces: number, packages: number): fc.Arbitrary<JobFinished> {
  const failure = { reason: 'internal-error', retry: 'automatic' } as const;
  return fc
    .record({
      repository: slug,
      commit: sha,
      about: fc.option(
        fc.record({ subject: hostileText(pieces), author: hostileText(pieces), branch: hostileText(pieces) }),
      ),
      failure: fc.option(fc.record({ title: hostileText(pieces), remedy: hostileText(pieces) })),
      packages: fc.array(hostilePackage(pieces), { maxLength: packages }),
    })
    .map(({ packages: list, failure: words, ...rest }) =>
      sampleJob(list, { ...rest, failure: words === null ? null : { ...failure, ...words } }),
    );
}

describe('text from outside in a message', () => {
  it('never makes a message that Discord refuses, and drops no package', () => {
    fc.assert(
      fc.property(hostileJob(12, 14), (ended) => {
        const messages = [renderPublished(ended, links), renderFailure_(ended)];
        expect(messages.flatMap(listProblems)).toEqual([]);
        const readable = ended.packages.filter(({ name }) => /^[\w.-]+$/.test(name));
        expect(listDropped({ ...ended, packages: readable }, messages)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);

  it('adds no mark, mention or link to what a harmless text of the same job shows', () => {
    fc.assert(
      fc.property(hostileJob(4, 4), (hostile) => {
        const harmless = disarm(hostile);
        const pairs = [
          [renderPublished(hostile, links), renderPublished(harmless, links)],
          [renderFailure_(hostile), renderFailure_(harmless)],
        ] as const;
        for (const [left, right] of pairs) expect(marksOf(left)).toEqual(marksOf(right));
      }),
      { numRuns: 4_000 },
    );
  }, 120_000);

  it('stays inert in the notices and in the live message, too', () => {
    fc.assert(
      fc.property(
        hostileText(30),
        hostileText(30),
        fc.nat(2_000),
        fc.nat(2_000),
        (one, other, done, more) => {
          const render = (left: string, right: string): readonly Message[] => [
            renderProgress(progressOf(left, right, done, done + more), links),
            renderOutage({
              kind: 'outage',
              neighbour: 'registry',
              since: 1_790_000_000_000,
              detail: left,
              waiting: done,
            }),
            renderRefused(
              {
                kind: 'dispatch-refused',
                repository: left,
                failure: {
                  reason: 'repository-not-registered',
                  title: left,
                  remedy: right,
                  retry: 'after-fix',
                },
              },
              1_790_000_000_000,
            ),
          ];
          const hostile = render(one, other);
          expect(hostile.flatMap(listProblems)).toEqual([]);
          expect(hostile.map(marksOf)).toEqual(render('harmless', 'harmless').map(marksOf));
        },
      ),
      { numRuns: 4_000 },
    );
  }, 120_000);

  it('takes nothing from a readable text', () => {
    const ended = sampleJob([samplePackage('com.studio.core', { distTag: 'next' })]);
    const [message] = renderBoth(ended);
    expect(message?.embeds[0]?.description).toBe(
      '**com.studio.core** 1.2.0 → 1.3.0 🟡 MINOR · next · ' +
        '[registry](https://registry.test/com.studio.core/1.3.0) · ' +
        `[changelog](https://git.test/studio/packages/blob/${ended.commit}/Packages/com.studio.core/CHANGELOG.md)`,
    );
  });

  it('over an outage’s end stays within the limits', () => {
    const over = { kind: 'outage-over', neighbour: 'git-host', since: 0, until: 10 ** 12 } as const;
    expect(listProblems(renderOutage(over))).toEqual([]);
  });
});

function progressOf(name: string, stage: string, done: number, total: number): JobProgress {
  return {
    job: 123,
    dispatchId: '0a1b2c3d',
    repository: 'studio/packages',
    commit: '0123456789abcdef0123456789abcdef01234567',
    done,
    total,
    stages: Array.from({ length: 6 }, () => ({ package: name, stage })),
    waitingFor: done % 2 === 0 ? undefined : stage,
    startedAt: 1_790_000_000_000,
  };
}

/** The same job, written by somebody who means no harm. */
function disarm(ended: JobFinished): JobFinished {
  const calm = (text: string): string => (inert(text, 10_000) === '' ? '' : 'harmless');
  const calmOrNull = (text: string | null): string | null => (text === null ? null : calm(text));
  const packages = ended.packages.map((item) => ({
    ...item,
    name: calm(item.name),
    version: calmOrNull(item.version),
    previousVersion: calmOrNull(item.previousVersion),
    path: item.path === '' ? '' : 'folder',
    title: calmOrNull(item.title),
    remedy: calmOrNull(item.remedy),
    distTag: calmOrNull(item.distTag),
    findings: item.findings.map((known) => ({ ...known, message: calm(known.message) })),
    warnings: item.warnings.map(calm),
  }));
  const about = ended.about === null ? null : { subject: 'harmless', author: 'harmless', branch: 'harmless' };
  const failure = ended.failure === null ? null : { ...ended.failure, title: 'harmless', remedy: 'harmless' };
  const held = ended.held.map(({ by, names: list }) => ({ by: calm(by), names: list.map(calm) }));
  return { ...ended, about, failure, held, packages };
}

/** Every character of a message that still means something to Discord, field by field, and every link's host. */
function marksOf(message: Message): unknown {
  const [embed] = message.embeds;
  const texts = [
    message.content,
    embed?.title ?? '',
    embed?.description ?? '',
    ...(embed?.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ];
  return {
    marks: texts.map((text) => {
      const withoutLinks = text.replaceAll(/\]\(https:\/\/(?:registry|git)\.test\/[^)\s]*\)/g, '](link)');
      return (
        withoutLinks
          .replaceAll(/\\[\\*_~`|>#[\]()<{}]/g, '')
          .match(/[\\*_~`|>#[\]()<{}]|@(?!\u200B)|[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu)
          ?.join('') ?? ''
      );
    }),
    // Where a button leads may name the package, on the registry only.
    buttons: message.buttons.map((button) =>
      button.kind === 'link' && /^https:\/\/registry\.test\/\S*$/.test(button.url)
        ? { ...button, url: 'link' }
        : button,
    ),
  };
}
