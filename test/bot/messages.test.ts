import { describe, expect, it } from 'vitest';
import { renderPublished } from '../../src/bot/messages/published.ts';
import { renderFailure } from '../../src/domain/failure/failure.ts';
import type { PackageReport } from '../../src/domain/job/report.ts';
import { attachedText, listProblems } from './message-limits.ts';
import { listDropped, renderBoth, renderFailureOf } from './rendered-job.ts';
import { links, sampleFailed, sampleHeld, sampleJob, samplePackage } from './sample-job.ts';

function names(count: number, length = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    `com.studio.p${index}.`.padEnd(length, 'x').replace(/\.$/, ''),
  );
}

const sizes = [1, 4, 25, 109, 1_000];

describe('the message of a job that ended', () => {
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
    'has room for $count packages ($title, names of $length or few characters), and drops none',
    ({ count, length, build }) => {
      const about = { subject: 'x'.repeat(100 * 1024), author: 'y'.repeat(10_000), branch: 'z'.repeat(250) };
      const ended = sampleJob(build(names(count, length)), { about });
      const messages = renderBoth(ended);
      expect(messages.flatMap(listProblems)).toEqual([]);
      expect(listDropped(ended, messages)).toEqual([]);
    },
  );

  it.each(sizes)('says how many of %i packages were published', (count) => {
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
      expect(attachedText(renderFailureOf(sampleJob([sampleFailed('com.studio.a', more)])))).toContain(long);
    }
    const warned = samplePackage('com.studio.a', { warnings: [long] });
    expect(attachedText(renderPublished(sampleJob([warned]), links))).toContain(long);
  });

  it('attaches a job’s own failure that it had to cut', () => {
    const remedy = `start ${'*'.repeat(700)} end`;
    const failed = renderFailure({ reason: 'no-packages-found', facts: { commit: '0123456' } });
    const ended = sampleJob([], { status: 'failed', failure: { ...failed, remedy } });
    expect(attachedText(renderFailureOf(ended))).toContain(remedy);
  });

  it('lists one package per line of the file, whatever its texts contain', () => {
    const forged = 'x\npublished  com.studio.evil 9.9.9  (root)\u202E\u001b[31m';
    const list = Array.from({ length: 12 }, (_, index) =>
      sampleFailed(`com.studio.p${index}`, { title: forged }),
    );
    const text = attachedText(renderFailureOf(sampleJob(list)));
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
