import { describe, expect, it } from 'vitest';
import type { ButtonContext } from '../../src/bot/components/button.ts';
import { failureButtons } from '../../src/bot/components/failure-buttons.ts';
import { fixButton } from '../../src/bot/components/fix-button.ts';
import { publishedButtons } from '../../src/bot/components/published-buttons.ts';
import { retryButton } from '../../src/bot/components/retry-button.ts';
import { whyNotAllowed } from '../../src/bot/interactions/person.ts';
import { renderFailed } from '../../src/bot/messages/failed.ts';
import { wordProposed } from '../../src/bot/pages/proposed-fixes.ts';
import type { Finding } from '../../src/domain/job/report.ts';
import { links, sampleFailed, sampleJob, samplePackage } from './sample-job.ts';
import { silent } from './thread-fixture.ts';

const label = 'Propose fix';
const name = 'com.studio.a';
const missing: Finding = {
  rule: 'meta.missing',
  severity: 'block',
  file: 'Runtime/A.cs',
  message: 'no meta',
};
const library: Finding = { ...missing, file: 'Runtime/A.dll' };
const stopped = (finding: Finding) =>
  sampleJob([sampleFailed(name, { reason: 'preflight-rejected', findings: [finding] })]);
const url = 'https://git.test/pull/7';

describe('the button Propose fix', () => {
  it('is offered on the message of a job with something that can be repaired, and on no other', () => {
    const labels = (finding: Finding) =>
      failureButtons(stopped(finding)).buttons.map((button) => button.label);
    expect(labels(missing)).toContain(label);
    expect(labels(library)).not.toContain(label);
    const published = (severity: Finding['severity']) =>
      publishedButtons(sampleJob([samplePackage(name, { findings: [{ ...missing, severity }] })]), links);
    expect(published('warn').map((button) => button.label)).toContain(label);
    expect(published('info').map((button) => button.label)).not.toContain(label);
  });

  it('is shown there with its link once proposed, next to who retried', () => {
    const fixes = [{ name, pullRequest: 7, url }];
    expect(failureButtons(stopped(missing), { by: '123', as: 8 }, fixes).note).toBe(
      `🔧 Proposed fix: [pull request #7](${url}) (${name})\n🔁 <@123> retried it as #8`,
    );
  });

  it('is no longer advised for packages whose fix is proposed, but still for the others', () => {
    const other = 'com.studio.b';
    const reject = { reason: 'preflight-rejected', findings: [missing] } as const;
    const ended = sampleJob([sampleFailed(name, reject), sampleFailed(other, reject)]);
    const advised = (fixes: readonly { name: string; pullRequest: number; url: string }[]) =>
      renderFailed(ended, links, failureButtons(ended, undefined, fixes)).embeds[0]?.fields.flatMap(
        (shown) => (shown.value.includes('opens a pull request') ? [shown.name.split(' ')[0]] : []),
      );
    expect(advised([])).toEqual([name, other]);
    expect(advised([{ name, pullRequest: 7, url }])).toEqual([other]);
  });

  it('is for anybody who may press Retry', async () => {
    const roles = { retryRoleIds: ['5'], operatorRoleIds: [] };
    const person = { userId: '9', roleIds: [], canManageGuild: false };
    expect(whyNotAllowed(fixButton.access, person, roles)).toMatch(/^You need/);
    expect(whyNotAllowed(fixButton.access, { ...person, roleIds: ['5'] }, roles)).toBeUndefined();
    expect(fixButton.access).toBe(retryButton.access);
    const asked: string[] = [];
    const context = {
      logger: silent,
      proposeFix: async (job: number, by: string) => {
        asked.push(`${job} ${by}`);
        return { kind: 'proposed-fixes', packages: [] };
      },
    } as unknown as ButtonContext;
    const answer = await fixButton.press(context, 7, person);
    expect(answer.content).toMatch(/^Nothing of it can be repaired/);
    expect(asked).toEqual(['7 discord:9']);
  });

  it.each([
    ['open', true, /opened \[pull request #7\].*Merge it, and the version that was stopped is published/],
    ['open', false, /there is already \[pull request #7\]/],
    ['merged', false, /was merged already/],
    ['closed', false, /was closed without being merged\. Reopen it/],
  ] as const)('answers for a pull request that is %s (new: %s)', (state, isNew, words) => {
    const pullRequest = { number: 7, url, state };
    const rest = { isStopped: true, leaves: [] };
    const packages = [{ kind: 'proposed', name: '@everyone', pullRequest, isNew, ...rest }] as const;
    const said = wordProposed({ kind: 'proposed-fixes', packages });
    expect(said).toMatch(words);
  });

  it.each([
    [true, [], 'Merge it, and the version that was stopped is published.'],
    [
      true,
      ['text.conflict-marker'],
      'Merge it and correct the rest (text.conflict-marker); then the version that was stopped is published.',
    ],
    [false, [], 'Merge it to have the repair in the repository; what was published stays as it is.'],
  ] as const)(
    'promises no more than merging achieves (stopped: %s, left: %j)',
    (isStopped, leaves, words) => {
      const pullRequest = { number: 7, url, state: 'open' } as const;
      const packages = [{ kind: 'proposed', name, pullRequest, isNew: true, isStopped, leaves }] as const;
      expect(wordProposed({ kind: 'proposed-fixes', packages })).toContain(words);
    },
  );

  it('shows the reason of a refusal as inert text', () => {
    const packages = [{ kind: 'refused', name, detail: 'No **way**. Ask somebody.' }] as const;
    expect(wordProposed({ kind: 'proposed-fixes', packages })).toBe(
      '⚠️ com.studio.a: No \\*\\*way\\*\\*. Ask somebody.',
    );
  });
});
