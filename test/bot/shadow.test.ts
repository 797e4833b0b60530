import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderShadow, wordTrial } from '../../src/bot/pages/shadow.ts';
import { listPaths, type ShadowFinding } from '../../src/domain/repository/shadow.ts';
import { hostileText } from './hostile-text.ts';
import { attachedText, listProblems, textOf } from './message-limits.ts';

const at = 1_800_000_000_000;
const repository = 'studio/packages';

function compared(more: Partial<Extract<ShadowFinding, { kind: 'compared' }>> = {}): ShadowFinding {
  return {
    kind: 'compared',
    name: 'com.studio.core',
    version: '1.2.3',
    comparison: { kind: 'identical' },
    ourTag: 'latest',
    tags: ['latest'],
    receivedAt: at,
    ...more,
  };
}

const different = compared({
  comparison: {
    kind: 'different',
    differences: {
      changed: listPaths(['package.json', 'CHANGELOG.md']),
      onlyThere: listPaths(['.env']),
      onlyOurs: listPaths([]),
      fields: listPaths(['_id', 'scripts']),
    },
  },
  tags: ['beta'],
});

function render(...findings: readonly ShadowFinding[]) {
  return renderShadow({ kind: 'shadow-compared', repository, findings, at });
}

describe('the thread’s message about a shadow trial', () => {
  it('says in one line that both would have published the same', () => {
    const message = render(compared());
    expect(textOf(message)).toContain(
      'Would have published **com.studio.core@1.2.3** (latest); the registry received it <t:1800000000:f>; identical',
    );
    expect(message.embeds[0]?.title).toBe('🌓 Shadow mode agrees');
    expect(message.files).toEqual([]);
  });

  it('names the differing files, the fields of package.json and the other dist-tag', () => {
    const text = textOf(render(different));
    expect(text).toContain('2 files differ: `package.json` (`_id`, `scripts`), `CHANGELOG.md`');
    expect(text).toContain('1 only there: `.env`; there it is beta');
  });

  it('counts another dist-tag of an identical version as a difference', () => {
    expect(render(compared({ tags: [] })).embeds[0]?.title).toBe('🌓 Shadow mode found differences');
    expect(textOf(render(compared({ tags: [] })))).toContain('there it has no dist-tag');
  });

  it('puts what needs a look before what does not', () => {
    const text = textOf(render(compared(), { ...different, name: 'com.studio.other' }));
    expect(text.indexOf('com.studio.other')).toBeLessThan(text.indexOf('com.studio.core'));
  });

  it('says what nobody published, and what only the other publisher did', () => {
    const findings: readonly ShadowFinding[] = [
      { kind: 'overdue', name: 'com.studio.a', version: '1.0.0', ourTag: 'latest', recordedAt: at },
      { kind: 'unexpected', name: 'com.studio.b', version: '2.0.0', receivedAt: at, why: 'It is private' },
    ];
    const text = textOf(render(...findings));
    expect(text).toContain('the other publisher has not published it');
    expect(text).toContain('we would not have published it: It is private');
  });

  it('attaches what does not fit, with nothing left out', () => {
    const many = Array.from({ length: 300 }, (_, index) => compared({ name: `com.studio.p${index}.x` }));
    const message = render(...many);
    const text = attachedText(message);
    expect(listProblems(message)).toEqual([]);
    expect(many.filter(({ name }) => !text.includes(`${name}@`))).toEqual([]);
    const paths = listPaths(Array.from({ length: 20 }, (_, index) => `Runtime/File${index}.cs`));
    const none = listPaths([]);
    const differences = { changed: paths, onlyThere: none, onlyOurs: none, fields: none };
    const one = render(compared({ comparison: { kind: 'different', differences } }));
    expect(textOf(one)).toContain('+ 16 more');
    expect(attachedText(one)).toContain('Runtime/File19.cs');
  });

  it('keeps text of a registry or a repository inert and within limits', () => {
    const paths = fc.array(hostileText(), { maxLength: 40 }).map(listPaths);
    const differences = fc.record({ changed: paths, onlyThere: paths, onlyOurs: paths, fields: paths });
    const finding = fc.record({
      kind: fc.constant('compared' as const),
      name: hostileText(),
      version: hostileText(),
      comparison: fc.oneof(
        fc.record({ kind: fc.constant('different' as const), differences }),
        fc.record({ kind: fc.constant('unreadable' as const), why: hostileText() }),
      ),
      ourTag: hostileText(),
      tags: fc.array(hostileText(), { maxLength: 5 }),
      receivedAt: fc.constant(undefined),
    });
    fc.assert(
      fc.property(fc.array(finding, { minLength: 1, maxLength: 20 }), hostileText(), (findings, slug) => {
        const message = renderShadow({ kind: 'shadow-compared', repository: slug, findings, at });
        expect(listProblems(message)).toEqual([]);
        expect(message.content).not.toMatch(/@everyone|<@\d/);
        // Ignores inline code, where nothing is a link.
        const active = message.embeds[0]?.description.replaceAll(/(?<!\\)`[^`]*`/g, '');
        expect(active).not.toMatch(/@everyone|<@\d|\]\(/);
      }),
      { numRuns: 50 },
    );
  });

  it('counts a trial in one line of /status', () => {
    const trial = { compared: 7, identical: 5, differing: 2, waiting: 3, overdue: 1, unexpected: 4 };
    expect(wordTrial(trial)).toBe(
      '🌓 Shadow: 7 compared, 5 the same, 2 differing · 3 waiting (1 for more than 48 h) · 4 that we would not have published',
    );
  });
});
