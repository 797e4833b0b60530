import type { OpenFailure } from '../../domain/job/open-failure.ts';
import { inert, plainLine } from '../text/text.ts';
import { commitLink, type Links } from './look.ts';

/** Words a failure as `#12 o/r abc1234: what failed`, at most about 400 characters. */
export function wordFailureLine(failure: OpenFailure, links: Links): string {
  const { job, repository, commit } = failure;
  return `#${job} ${inert(repository, 100)} ${commitLink(links, repository, commit)}: ${inert(wordWhat(failure), 180)}`;
}

/** Words what failed as one sentence; outside text, not yet inert. */
export function wordWhat({ title, packages }: OpenFailure): string {
  const [first, ...others] = packages;
  if (first === undefined) return title ?? 'no reason known';
  const more = others.length === 0 ? '' : ` (+ ${others.length} more)`;
  return `${first.name} ${first.version ?? ''}${more}: ${first.title}`;
}

/** Lists a failure's details for an attached file. */
export function listFailure(failure: OpenFailure): readonly string[] {
  const { job, repository, commit, title, packages } = failure;
  return [
    plainLine(`#${job}  ${repository}  ${commit}${title === undefined ? '' : `  ${title}`}`),
    ...packages.map(({ name, version, title: why }) => `  ${plainLine(`${name} ${version ?? ''}: ${why}`)}`),
  ];
}
