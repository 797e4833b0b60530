import { commands } from '../src/bot/commands/index.ts';
import type { Command } from '../src/bot/interactions/command.ts';
import { expectedOf, type Setting, settings } from '../src/config/load-config.ts';
import { type Failure, failureCatalogue, type Retry, renderFailure } from '../src/domain/failure/failure.ts';
import { isGate } from '../src/domain/package/finding.ts';
import { scheduledJobNames, scheduledJobs, settingOfJob } from '../src/domain/schedule/scheduled-jobs.ts';
import { rules } from '../src/publisher/preflight/rules/index.ts';
import type { Rule, Severity } from '../src/publisher/preflight/rules/rule.ts';

function buildTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function describeSetting(setting: Setting): readonly string[] {
  const name = setting.secret === true ? `\`${setting.name}\` 🔑` : `\`${setting.name}\``;
  const isRequired = setting.required?.includes('service') === true;
  const otherwise = setting.default === undefined ? '–' : `\`${setting.default}\``;
  return [name, isRequired ? '**required**' : otherwise, setting.meaning, expectedOf(setting)];
}

const wordsOfRetry: Readonly<Record<Retry, string>> = {
  automatic: 'by itself',
  'after-fix': 'after the fix',
  never: 'no',
};

/** Facts whose values name themselves (‹name›), to show where they go. */
const sampleFacts = new Proxy(
  {},
  { get: (_target, fact) => (fact === 'commit' ? '‹sha›' : `‹${String(fact)}›`) },
);

/** Returns a row for each reason of a failure: its key, its title, the remedy, and whether it is retried. */
export function listReasons(): readonly (readonly string[])[] {
  return Object.keys(failureCatalogue).map((reason) => {
    const shown = renderFailure({ reason, facts: sampleFacts } as Failure);
    return [`\`${reason}\``, shown.title, shown.remedy, wordsOfRetry[shown.retry]];
  });
}

/** Returns a row for the command, or one for each of its subcommands. */
function describeCommand({ access, definition }: Command): readonly (readonly string[])[] {
  const { name, description, options = [] } = definition;
  const who = access === 'operators' ? 'operators' : 'everyone';
  const listOf = (given: readonly { name: string; required?: boolean }[]): string =>
    given.map((option) => (option.required === true ? `**${option.name}**` : option.name)).join(', ');
  const subcommands = options.filter((option) => 'options' in option);
  if (subcommands.length === 0) return [[`\`/${name}\``, listOf(options), who, description]];
  return subcommands.map((sub) => [
    `\`/${name} ${sub.name}\``,
    listOf('options' in sub ? (sub.options ?? []) : []),
    who,
    sub.description,
  ]);
}

const wordsOfSeverity: Readonly<Record<Severity, string>> = {
  block: 'blocks',
  warn: 'warns',
  info: 'is listed',
};

function describeRule(rule: Rule): readonly string[] {
  const { id, finds, why, severity, exception, unityCheck } = rule;
  const then = isGate(id) ? `**always ${wordsOfSeverity[severity]}**` : wordsOfSeverity[severity];
  return [
    `\`${id}\``,
    finds,
    exception === undefined ? then : `${then}; ${exception}`,
    why,
    unityCheck ?? '–',
  ];
}

/** Tables of the documentation that are generated from the code. */
export const tables: readonly { readonly name: string; readonly file: string; readonly table: string }[] = [
  {
    name: 'settings',
    file: 'docs/settings.md',
    table: buildTable(['variable', 'default', 'meaning', 'expects'], settings.map(describeSetting)),
  },
  {
    name: 'commands',
    file: 'docs/discord.md',
    table: buildTable(['command', 'options', 'who', 'does'], commands.flatMap(describeCommand)),
  },
  {
    name: 'jobs',
    file: 'docs/settings.md',
    table: buildTable(
      ['job', 'setting', 'schedule', 'does'],
      scheduledJobNames.map((name) => [
        `\`${name}\``,
        `\`${settingOfJob(name)}\``,
        `\`${scheduledJobs[name].schedule}\``,
        scheduledJobs[name].about,
      ]),
    ),
  },
  {
    name: 'reasons',
    file: 'docs/failures.md',
    table: buildTable(['reason', 'what is said', 'remedy', 'tried again'], listReasons()),
  },
  {
    name: 'rules',
    file: 'docs/preflight.md',
    table: buildTable(['rule', 'finds', 'then', 'why', 'Unity’s check'], rules.map(describeRule)),
  },
];
