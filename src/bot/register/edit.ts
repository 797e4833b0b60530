import { changeRepository } from '../../publisher/operations/change-repository.ts';
import { setOwner } from '../../publisher/operations/set-owner.ts';
import type { Command } from '../interactions/command.ts';
import { say } from '../interactions/reply.ts';
import { refuse, wordRefusal } from '../messages/refusals.ts';
import { wordChanged } from '../pages/repository.ts';
import { readSettings } from './settings.ts';

/** Changes the settings of a registered repository and the names it owns. */
export const editRepository: Command['run'] = async ({ ask }, { options, actor }) => {
  const slug = options.text('repository');
  if (slug === undefined) return say('Say which repository.');
  const typed = readSettings(options);
  if ('problem' in typed) return say(typed.problem);
  const owns = options.text('owns');
  const hasSettings = Object.keys(typed.settings).length > 0;
  if (!hasSettings && owns === undefined) {
    return say('Say what to change: `branches`, `scopes`, `status`, `mode`, `rules`, `fixes` or `owns`.');
  }
  const sentences: string[] = [];
  if (hasSettings) {
    const answer = await ask(changeRepository, slug, typed.settings, actor);
    if (answer.kind !== 'changed') return refuse(answer);
    sentences.push(wordChanged(answer, answer.changes.length === 0 ? 'is as it was' : 'is changed'));
  }
  if (owns !== undefined) {
    const answer = await ask(setOwner, owns, slug, actor);
    sentences.push(answer.kind === 'changed' ? wordChanged(answer, 'owns it now') : wordRefusal(answer));
  }
  return say(sentences.join('\n'));
};
