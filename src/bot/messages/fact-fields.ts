import type { JobFinished } from '../../domain/announcement/announcement.ts';
import { byCatchUp, findJobName } from '../../domain/job/actor.ts';
import type { EmbedField } from '../../ports/chat.ts';
import { wordActor } from '../interactions/person.ts';
import { inert, wordDuration } from '../text/text.ts';
import { commitLink, field, type Links } from './look.ts';

/** Builds the fields for repository, commit, branch and duration; shared with the failure message. */
export function factFields(ended: JobFinished, links: Links): readonly EmbedField[] {
  const { about } = ended;
  // The commit's message may be cut: the link leads to the full text.
  const said = about === null ? '' : ` ${inert(about.subject, 300)} — ${inert(about.author, 100)}`;
  return [
    field('Repository', inert(ended.repository, 300), true),
    ...(about === null ? [] : [field('Branch', inert(about.branch, 200), true)]),
    field('Took', wordDuration(ended.durationMs), true),
    ...(ended.requestedBy === byCatchUp ? [field('Late', wordLateness(ended))] : []),
    ...(findJobName(ended.requestedBy) === undefined
      ? []
      : [field('Asked for', `by ${wordActor(ended.requestedBy)}`, true)]),
    field('Commit', `${commitLink(links, ended.repository, ended.commit)}${said}`),
  ];
}

function wordLateness({ foundLateMs }: JobFinished): string {
  const after = foundLateMs === undefined ? '' : `, ${wordDuration(foundLateMs)} after its commit was made`;
  return `No webhook and no dispatch announced this push. It was found by looking at the branch${after}.`;
}
