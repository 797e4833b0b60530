import type { OpenFailure } from '../../domain/job/open-failure.ts';
import { inert, plainLine } from '../text/text.ts';
import { commitLink, type Links } from './look.ts';

/** `#12 o/r abc1234: what failed`, at most about 400 characters. */
export function wordFailureLine(failure: OpenFailure, links: Links): string {
  const { job, repository, commit } = failure;
  return `#${job} ${inert(repository, 100)} ${commitLink(links, repository, commit)}: ${inert(wordWhat(failure), 180)}`;
}

/** Why, as one sentence about all of it; hostile text. */
export function wordWhat({ title, packages }: OpenFailure): string {
  const [first, ...others] = packages;
  if (first === undefined) return title ?? 'no reason known';
  const more = others.length === 0 ? '' : ` (+ ${others.length} more)`;
  return `${first.name} ${first.version ?? ''}${more}: ${first.title}`;
}

/** For an attached file. */
export function listFailure(failure: OpenFailure): readonly string[] {
  const { job, repository, commit, title, packages } = failure;
  return [
    plainLine(`#${job}  ${repository}  ${commit}${title === undefined ? '' : `  ${title}`}`),
    ...packages.map(({ name, version, title: why }) => `  ${plainLine(`${name} ${version ?? ''}: ${why}`)}`),
  ];
}
