import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isInScope } from '../domain/package/package-name.ts';
import {
  fixModes,
  ownerOf,
  publishModes,
  type RepositoryEntry,
  repositoryStatuses,
  type Slug,
  sameSlug,
  slugFromUrl,
} from '../domain/repository/repository.ts';
import { codeOf } from './secrets.ts';

const fileShape = z.object({ repositories: z.array(z.unknown()) });
const entryShape = z.object({
  url: z.string(),
  status: z.enum(repositoryStatuses),
  branches: z.array(z.string().min(1).max(255)).optional(),
  scopes: z.array(z.string().min(1).max(214)).optional(),
  mode: z.enum(publishModes).optional(),
  fixes: z.enum(fixModes).optional(),
});

export interface RepositoriesRules {
  /** Undefined when GITHUB_OWNERS itself is missing or invalid, so that entries are not blamed for it. */
  readonly owners: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
}

export interface ParsedRepositories {
  readonly entries: readonly RepositoryEntry[];
  /** One sentence each; a bad entry is named by its index. */
  readonly problems: readonly string[];
}

/** Reads the file of registered repositories; reports every bad entry, and still returns the good ones. */
export function readRepositoriesFile(file: string, rules: RepositoriesRules): ParsedRepositories {
  const read = readJson(file);
  if ('problem' in read) return { entries: [], problems: [read.problem] };
  const shape = fileShape.safeParse(read.json);
  if (!shape.success) return { entries: [], problems: ['the file is not {"repositories":[…]}'] };
  const entries: RepositoryEntry[] = [];
  const problems: string[] = [];
  for (const [index, raw] of shape.data.repositories.entries()) {
    const parsed = parseEntry(raw, rules, entries);
    if ('slug' in parsed) entries.push(parsed);
    else problems.push(...parsed.map((problem) => `repositories[${index}]${problem}`));
  }
  return { entries, problems };
}

function readJson(file: string): { readonly json: unknown } | { readonly problem: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problem: `the file cannot be read (${codeOf(error)})` };
  }
  try {
    // Editors on Windows write a byte order mark, which JSON.parse refuses.
    return { json: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch {
    return { problem: 'the file is not JSON' };
  }
}

function parseEntry(
  raw: unknown,
  rules: RepositoriesRules,
  earlier: readonly RepositoryEntry[],
): RepositoryEntry | readonly string[] {
  const shape = entryShape.safeParse(raw);
  if (!shape.success) {
    return shape.error.issues.map(
      ({ path, message }) => `${path.map((key) => `.${String(key)}`).join('')}: ${message}`,
    );
  }
  const { url, ...rest } = shape.data;
  const slug = slugFromUrl(url);
  if (slug === undefined) return ['.url: is no repository URL'];
  const problems = [...judgeSlug(slug, rules, earlier), ...judgeScopes(rest.scopes ?? [], rules)];
  return problems.length > 0 ? problems : { slug, ...withoutUndefined(rest) };
}

function judgeSlug(
  slug: Slug,
  rules: RepositoriesRules,
  earlier: readonly RepositoryEntry[],
): readonly string[] {
  const problems: string[] = [];
  if (rules.owners?.some((owner) => sameSlug(owner, ownerOf(slug))) === false) {
    problems.push(`.url: ${slug} is of an owner outside GITHUB_OWNERS`);
  }
  if (earlier.some((known) => sameSlug(known.slug, slug))) problems.push(`.url: ${slug} is listed twice`);
  return problems;
}

function judgeScopes(scopes: readonly string[], { scopes: all }: RepositoriesRules): readonly string[] {
  if (all === undefined) return [];
  const outside = scopes.filter((scope) => !isInScope(scope, all));
  return outside.map((scope) => `.scopes: ${JSON.stringify(scope)} is outside PACKAGE_SCOPES`);
}

function withoutUndefined({
  status,
  mode,
  fixes,
  branches,
  scopes,
}: Omit<z.output<typeof entryShape>, 'url'>) {
  return {
    status,
    ...(mode === undefined ? {} : { mode }),
    ...(fixes === undefined ? {} : { fixes }),
    ...(branches === undefined ? {} : { branches }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}
