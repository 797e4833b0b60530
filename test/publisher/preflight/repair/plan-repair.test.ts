import { describe, expect, it } from 'vitest';
import { meta } from '../../../../sandbox/unity-repository.ts';
import type { Finding } from '../../../../src/domain/job/report.ts';
import { listBlocking } from '../../../../src/domain/package/finding.ts';
import type { PackageToFix } from '../../../../src/publisher/preflight/fixes/fix.ts';
import { fixes } from '../../../../src/publisher/preflight/fixes/index.ts';
import {
  filesToRead,
  isFixable,
  planRepair,
  type Repair,
} from '../../../../src/publisher/preflight/repair/plan-repair.ts';
import { rules } from '../../../../src/publisher/preflight/rules/index.ts';
import { assetCases } from '../asset-cases.ts';
import { fileCases } from '../file-cases.ts';
import { manifestCases } from '../manifest-cases.ts';
import { filesOf, judge, name, type Sample } from '../sample-package.ts';

const cases = [...assetCases, ...manifestCases, ...fileCases].filter(({ rule, what }) =>
  fixes.some((fix) => fix.rule === rule && what !== 'a key that is there twice'),
);

/** Returns the committed files; those that are not packed have placeholder text. */
function committedOf(sample: Sample): Map<string, Buffer> {
  const files = new Map(filesOf(sample));
  for (const { path } of sample.committed ?? []) files.set(path, Buffer.from(meta(path)));
  return files;
}

function repair(sample: Sample, findings: readonly Finding[]): Repair {
  const files = committedOf(sample);
  const texts = new Map(
    filesToRead(findings).flatMap((path) => {
      const bytes = files.get(path);
      return bytes === undefined ? [] : [[path, bytes.toString()] as const];
    }),
  );
  const found: PackageToFix = { name, paths: new Set(files.keys()), texts };
  return planRepair(found, findings);
}

function applyChanges(files: Map<string, Buffer>, changes: Repair['changes']): Map<string, Buffer> {
  for (const change of changes) {
    const content = files.get(change.path);
    if (change.kind === 'written') files.set(change.path, Buffer.from(change.content));
    else files.delete(change.path);
    if (change.kind === 'moved' && content !== undefined) files.set(change.to, content);
  }
  return files;
}

/** Returns the same package after its repair, packed with its present `files` list. */
function afterRepair(sample: Sample, { changes }: Repair): Sample {
  const files = applyChanges(committedOf(sample), changes);
  const written = JSON.parse(files.get('package.json')?.toString() ?? '{}') as { files?: readonly string[] };
  const besides = sample.committed ?? [];
  const unpacked = besides.filter(({ path }) => files.has(path) && written.files?.includes(path) !== true);
  const gone = [...filesOf({}).keys()].map((path) => [path, undefined] as const);
  const packed = [...files].filter(([path]) => !unpacked.some((left) => left.path === path));
  return { around: sample.around ?? {}, bare: Object.fromEntries([...gone, ...packed]), committed: unpacked };
}

describe('the fixes of findings', () => {
  it('belong to rules of the book, one each, and each has a case in it', () => {
    const known = rules.map((rule) => rule.id);
    expect(fixes.filter((fix) => !known.includes(fix.rule))).toEqual([]);
    expect(new Set(fixes.map((fix) => fix.rule)).size).toBe(fixes.length);
    expect(fixes.filter((fix) => !cases.some(({ rule }) => rule === fix.rule))).toEqual([]);
  });

  it.each(cases)('remove the finding of $rule for $what, and nothing new blocks', async (item) => {
    const before = (await judge(item.trips)).findings;
    const own = before.filter((finding) => finding.rule === item.rule);
    expect(own.filter(isFixable)).toEqual(own);
    const done = repair(item.trips, own);
    expect(done.steps.map((step) => step.rule)).toEqual([item.rule]);
    const after = (await judge(afterRepair(item.trips, done))).findings;
    expect(after.filter((finding) => finding.rule === item.rule)).toEqual([]);
    expect(listBlocking({ findings: after }).length).toBeLessThanOrEqual(
      listBlocking({ findings: before }).length - listBlocking({ findings: own }).length,
    );
  });

  it('do the same every time, whatever the order of the findings', async () => {
    const sample: Sample = { bare: { 'Runtime/B.cs': '//', 'Runtime/A.cs': '//' } };
    const { findings } = await judge(sample);
    const once = repair(sample, findings);
    const again = repair(sample, findings.toReversed());
    expect(again.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(
      once.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    );
  });

  it('make no metas for samples that they hide', async () => {
    const sample: Sample = {
      manifest: { samples: [{ displayName: 'Basic', description: 'It', path: 'Samples/Basic' }] },
      files: { 'Samples/Basic/Basic.asmdef': '{"name":"Basic"}' },
      bare: { 'Samples/Basic/Basic.cs': '//', 'Samples.meta': `\uFEFF${meta('samples')}` },
    };
    const done = repair(sample, (await judge(sample)).findings);
    expect(
      done.changes.filter(({ path }) => path.startsWith('Samples')).map(({ kind }) => kind),
    ).not.toContain('written');
    const after = await judge(afterRepair(sample, done));
    expect(after.findings.filter(isFixable)).toEqual([]);
    expect(after.packed.written['samples']).toEqual([
      { displayName: 'Basic', description: 'It', path: 'Samples~/Basic' },
    ]);
  });

  it('leave samples alone that would overwrite others', async () => {
    const sample: Sample = {
      files: { 'Samples/Basic/Basic.asmdef': '{"name":"Basic"}' },
      bare: { 'Samples~/Basic/Basic.asmdef': '{"name":"Basic"}' },
    };
    const found = (await judge(sample)).findings.filter(({ rule }) => rule === 'samples.visible');
    expect(found).toHaveLength(1);
    expect(repair(sample, found)).toEqual({ changes: [], steps: [] });
  });

  it('leave to people what only they can choose: the platforms of a library', async () => {
    const { findings } = await judge({ bare: { 'Runtime/Native.dll': 'x' } });
    const missing = findings.filter(({ rule }) => rule === 'meta.missing');
    expect(missing).toHaveLength(1);
    expect(missing.filter(isFixable)).toEqual([]);
  });
});

describe('package.json in a repair', () => {
  const findings: readonly Finding[] = [
    { rule: 'pack.files-allowlist', severity: 'warn', file: 'Editor.meta', message: '' },
  ];
  const extend = (text: string): string | undefined => {
    const paths = new Set(['package.json', 'Editor.meta', 'Editor/A.cs']);
    const found = { name, paths, texts: new Map([['package.json', text]]) };
    const [change] = planRepair(found, findings).changes;
    return change?.kind === 'written' ? change.content : undefined;
  };

  it.each([
    [
      'in one line',
      '{ "name": "x", "files": ["Editor"] }',
      '{ "name": "x", "files": ["Editor", "Editor.meta"] }',
    ],
    [
      'below one another',
      '{\r\n\t"files": [\r\n\t\t"Editor"\r\n\t]\r\n}\r\n',
      '{\r\n\t"files": [\r\n\t\t"Editor",\r\n\t\t"Editor.meta"\r\n\t]\r\n}\r\n',
    ],
    ['empty', '{"files":[]}', '{"files":["Editor.meta"]}'],
    [
      'after another list of that name',
      '{\n  "a": { "files": [] },\n  "files": []\n}\n',
      '{\n  "a": {\n    "files": []\n  },\n  "files": [\n    "Editor.meta"\n  ]\n}\n',
    ],
  ])('keeps its formatting when `files` gets longer: %s', (_, before, after) => {
    expect(extend(before)).toBe(after);
  });

  it.each(['{"files":"Editor"}', '{"files":["Editor.meta"]}', '{"files":["/"]', '{}', '{"files":["*"]}'])(
    'is left alone when it says %s',
    (text) => {
      expect(extend(text)).toBeUndefined();
    },
  );
});
