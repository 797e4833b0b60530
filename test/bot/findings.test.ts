import { describe, expect, it } from 'vitest';
import type { ButtonContext } from '../../src/bot/components/button.ts';
import { detailsButton } from '../../src/bot/components/details-button.ts';
import { failureButtons } from '../../src/bot/components/failure-buttons.ts';
import { renderFailed } from '../../src/bot/messages/failed.ts';
import { renderPublished } from '../../src/bot/messages/published.ts';
import { renderPlan } from '../../src/bot/pages/plan.ts';
import { findNews } from '../../src/domain/announcement/news.ts';
import { blankResult } from '../../src/domain/job/package-result.ts';
import type { Finding, PackageReport } from '../../src/domain/job/report.ts';
import { attachedText, listProblems, textOf } from './message-limits.ts';
import { jobReport } from './sample-answers.ts';
import { links, sampleFailed, sampleJob, samplePackage } from './sample-job.ts';

function finding(rule: string, file: string, extra: Partial<Finding> = {}): Finding {
  return { rule, severity: 'block', file, message: `${file} needs mending for ${rule}`, ...extra };
}

const metas = Array.from({ length: 15 }, (_, index) => finding('meta.missing', `Runtime/A${index}.cs`));
const warned = finding('changelog.entry', 'CHANGELOG.md', { severity: 'warn' });
const curious = finding('readme.file', 'README.md', { severity: 'info' });

function stopped(name: string, findings: readonly Finding[]): PackageReport {
  return sampleFailed(name, { reason: 'preflight-rejected', title: 'many problems', findings });
}

function renderStopped(...packages: readonly PackageReport[]) {
  const ended = sampleJob(packages, { status: 'failed' });
  return renderFailed(ended, links, failureButtons(ended));
}

describe('preflight findings in a message', () => {
  it('of the only package that they stopped have a field for each rule, with the other files folded', () => {
    const message = renderStopped(
      stopped('com.studio.a', [...metas, finding('path.case', 'a.cs'), warned, curious]),
    );
    const fields = message.embeds[0]?.fields.map(({ name, value }) => [name, value]) ?? [];
    expect(fields.slice(0, 3)).toEqual([
      ['com.studio.a 1.3.0', expect.stringContaining('16 problems in the packed files\n→ ')],
      [
        '⛔ meta.missing · 15 times',
        'Runtime/A0.cs needs mending for meta.missing\nalso Runtime/A1.cs, Runtime/A2.cs, Runtime/A3.cs … and 11 more',
      ],
      ['⛔ path.case', 'a.cs needs mending for path.case'],
    ]);
    expect(fields[0]?.[1]).toContain('and 1 warning, in the attached list');
    expect(fields[0]?.[1]).toContain('**Propose fix** opens a pull request that repairs 15 of them.');
    expect(listProblems(message)).toEqual([]);
  });

  it('are all attached one by one', () => {
    const all = [...metas, warned, { ...curious, loweredBy: 'repository' } as const];
    const text = attachedText(renderStopped(stopped('com.studio.a', all)));
    for (const { message } of all) expect(text).toContain(message);
    expect(text).toContain('info (by a setting)  readme.file  README.md needs mending');
  });

  it('of one small thing need no file', () => {
    expect(attachedText(renderStopped(stopped('com.studio.a', [finding('path.case', 'a.cs')])))).toBe('');
  });

  it('of several packages have a line for each rule', () => {
    const message = renderStopped(stopped('com.studio.a', metas), stopped('com.studio.b', metas));
    const text = textOf(message);
    expect(
      text.match(/⛔ Runtime\/A0\.cs needs mending .* · meta\.missing ×15, also Runtime\/A1\.cs/g),
    ).toHaveLength(2);
    expect(listProblems(message)).toEqual([]);
  });

  it('stay inert and within limits, whatever they contain', () => {
    const hostile = '@everyone [x](https://evil.test) `'.repeat(40);
    const many = Array.from({ length: 400 }, (_, index) =>
      finding(`rule${index % 30}`, `${hostile}${index}`, { message: `${hostile}${index}` }),
    );
    for (const message of [
      renderStopped(stopped('com.studio.a', many)),
      renderStopped(...Array.from({ length: 30 }, (_, at) => stopped(`com.studio.p${at}`, many))),
    ]) {
      expect(listProblems(message)).toEqual([]);
      expect(textOf(message)).not.toContain('@everyone');
      expect(textOf(message)).not.toContain('](https://evil');
    }
  });

  it('that only warn are folded into a line for each rule below what was published', () => {
    const warnings = metas.map((item) => ({ ...item, severity: 'warn', loweredBy: 'ratchet' }) as const);
    const message = renderPublished(
      sampleJob([samplePackage('com.studio.a', { findings: warnings })]),
      links,
    );
    const [field] = message.embeds[0]?.fields.filter(({ name }) => name === 'Warnings') ?? [];
    expect(field?.value).toBe(
      '⚠️ com.studio.a: Runtime/A0.cs needs mending for meta.missing · meta.missing ×15 (known before), also Runtime/A1.cs, Runtime/A2.cs, Runtime/A3.cs … and 11 more',
    );
    expect(attachedText(message)).toContain('Runtime/A14.cs');
  });

  it('that were repaired while packing say what, and how the repository gets the repair, without the old instruction', () => {
    const repaired = metas.map((item) => ({ ...item, severity: 'warn', loweredBy: 'repair' }) as const);
    const message = renderPublished(
      sampleJob([samplePackage('com.studio.a', { findings: repaired })]),
      links,
    );
    const fields = message.embeds[0]?.fields.filter(({ name }) => /Warnings|Repaired/.test(name));
    expect(fields).toEqual([
      {
        name: 'Repaired while packing',
        value:
          '🔧 com.studio.a: meta.missing: Runtime/A0.cs, Runtime/A1.cs, Runtime/A2.cs … and 12 more\n' +
          'The repository is as it was: **Propose fix** opens a pull request with the same repair.',
        inline: false,
      },
    ]);
    expect(message.buttons.map(({ label }) => label)).toContain('Propose fix');
    expect(attachedText(message)).toContain('Runtime/A14.cs');
  });

  it('that an operator let through name who did it and why', () => {
    const override = { by: 'discord:123456789012345678', reason: 'a *demo* is due', count: 3 };
    const message = renderPublished(sampleJob([samplePackage('com.studio.a', { override })]), links);
    expect(textOf(message)).toContain(
      '🔓 com.studio.a in spite of 3 findings, by <@123456789012345678>: a \\*demo\\* is due',
    );
  });

  it('are the same in a dry run, which says how many of them would stop the package', () => {
    const plan = {
      kind: 'plan',
      repository: 'studio/one',
      commit: 'c'.repeat(40),
      branch: 'main',
      packages: [
        { ...stopped('com.studio.a', [...metas, warned]), outcome: 'failed' },
        samplePackage('com.studio.b', { outcome: 'not-attempted', findings: [warned] }),
      ],
    } as const;
    const reply = renderPlan(plan, links, 1);
    const text = textOf(reply);
    expect(text).toContain('cannot be published: 15 blocking, 1 warning');
    expect(text).toMatch(/⛔ Runtime\/A0\.cs .* ×15/);
    expect(text).toContain('is on the registry, 1 warning');
    expect(attachedText(reply)).toContain('Runtime/A14.cs');
  });

  it('are complete in Details, informational ones included', async () => {
    const report = jobReport(7, { packages: [stopped('com.studio.a', [...metas, curious])] });
    const context = {
      retries: {
        findJob: async () => ({
          repository: 'studio/one',
          commit: 'c',
          requestedBy: 'event',
          report,
          history: [],
        }),
      },
      recentLog: () => [],
    } as unknown as ButtonContext;
    const answer = await detailsButton.press(context, 7, {
      userId: '1',
      roleIds: [],
      canManageGuild: false,
    });
    const text = `${answer.content}${(answer.files ?? []).map((file) => file.text).join('')}`;
    expect(text).toContain('info  readme.file  README.md needs mending');
    expect(text).toContain('Runtime/A14.cs');
  });
});

describe('the news in a message', () => {
  it('leave out a warning that was announced for the same place, however it was worded', () => {
    const result = { ...blankResult('com.studio.a', 'a', 'published'), findings: [warned, ...metas] };
    const before = { ...result, findings: [{ ...warned, message: 'in other words' }] };
    expect(findNews(result, before).result.findings).toEqual(metas);
    const elsewhere = { ...result, findings: [{ ...warned, file: 'other.md' }] };
    expect(findNews(result, elsewhere).result.findings).toEqual([warned, ...metas]);
  });

  it('mention a repair the first time it is made, and not the next time', () => {
    const repaired: readonly Finding[] = metas.map((item) => ({
      ...item,
      severity: 'warn',
      loweredBy: 'repair',
    }));
    const result = { ...blankResult('com.studio.a', 'a', 'published'), findings: repaired };
    expect(findNews(result, { ...result, findings: metas }).result.findings).toEqual(repaired);
    expect(findNews(result, result).result.findings).toEqual([]);
  });
});
