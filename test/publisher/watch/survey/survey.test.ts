import { describe, expect, it } from 'vitest';
import { renderSurvey } from '../../../../src/cli/survey/survey-page.ts';
import type { CatalogRow } from '../../../../src/domain/package/catalog.ts';
import type { RepositoryId, Slug } from '../../../../src/domain/repository/repository.ts';
import {
  listContested,
  listOtherScopes,
  type Survey,
} from '../../../../src/publisher/watch/survey/survey.ts';

const scopes = ['com.studio'];

function row(repositoryId: number, name: string, version: string, repositoryUrl?: string): CatalogRow {
  const state = { state: 'present', latest: '1.0.0', highest: '1.0.0', highestStable: '1.0.0' } as const;
  const registry = { ...state, hasHead: true, repositoryUrl, checkedAt: 1, lastError: undefined };
  return {
    repositoryId: repositoryId as RepositoryId,
    slug: `studio/r${repositoryId}` as Slug,
    mode: 'shadow',
    scopes: [],
    path: name,
    name,
    version,
    exclusion: undefined,
    registry,
    owner: undefined,
    holders: [],
    publishedByUs: false,
  };
}

describe('the suggestions of a survey', () => {
  it('give a contested name to the repository that the registry names, else to the one that is ahead', () => {
    const named = 'https://github.com/studio/r1';
    const rows = [
      row(1, 'com.studio.a', '1.0.0', named),
      row(2, 'com.studio.a', '2.0.0', named),
      row(1, 'com.studio.b', '1.0.0'),
      row(2, 'com.studio.b', '1.10.0'),
      row(1, 'com.studio.c', '1.0.0'),
      row(1, 'com.other.d', '1.0.0'),
      row(2, 'com.other.d', '1.0.0'),
    ];
    expect(listContested(rows, scopes, 'https://github.com')).toEqual([
      {
        name: 'com.studio.a',
        holders: ['studio/r1 (1.0.0)', 'studio/r2 (2.0.0)'],
        suggestedOwner: 'studio/r1',
      },
      {
        name: 'com.studio.b',
        holders: ['studio/r1 (1.0.0)', 'studio/r2 (1.10.0)'],
        suggestedOwner: 'studio/r2',
      },
    ]);
  });

  it('count Unity packages outside of the scopes by prefix, the largest first', () => {
    const rows = ['com.other.a', 'com.more.a', 'com.more.b', 'com.studio.c'].map((name) =>
      row(1, name, '1.0.0'),
    );
    expect(listOtherScopes(rows, scopes)).toEqual([
      { scope: 'com.more', packages: 2 },
      { scope: 'com.other', packages: 1 },
    ]);
  });
});

describe('the page of a survey', () => {
  it('contains nothing that a browser would run, whatever repositories and registry say', () => {
    const evil = '"><img src=x onerror=alert(1)>\u202E';
    const failure = { title: evil, remedy: evil };
    const finding = { rule: evil, severity: 'block', file: evil, message: evil } as const;
    const survey: Survey = {
      at: 1_800_000_000_000,
      registry: evil,
      scopes: [evil],
      repositories: [
        {
          repository: evil,
          status: evil,
          branch: evil,
          commit: evil,
          problem: failure,
          packages: [
            {
              name: evil,
              path: evil,
              version: evil,
              latest: evil,
              drift: 'ahead',
              detail: evil,
              failure,
              blocking: [finding],
              warnings: [finding],
            },
          ],
        },
      ],
      contested: [{ name: evil, holders: [evil], suggestedOwner: evil }],
      otherScopes: [{ scope: evil, packages: 1 }],
      badEntries: [evil],
    };
    const page = renderSurvey(survey);
    expect(page).not.toMatch(/<img|<script|\u202E/);
    expect(page.match(/&quot;&gt;&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(15);
    expect(page).toContain("default-src 'none'");
  });
});
