import { parseArgs } from 'node:util';
import type { Config, Secrets } from '../config/load-config.ts';
import { renderFailure } from '../domain/failure/failure.ts';
import { whyNameExcluded } from '../domain/package/package-name.ts';
import {
  fixModes,
  parseSlug,
  publishModes,
  type Repository,
  repositoryStatuses,
  type Slug,
  sameSlug,
} from '../domain/repository/repository.ts';
import {
  describeChanges,
  findProblem,
  pickKnown,
  type RepositorySettings,
} from '../publisher/operations/repository-settings.ts';
import { isKnownName } from '../publisher/operations/set-owner.ts';
import type { Store } from '../store/store.ts';
import { changeData, fail } from './change-data.ts';
import { exitBadInput, type ParsedArguments, refuseArguments, runTool } from './run-tool.ts';

const usage = `Shows the registered repositories, or changes one, while the process is stopped.

  npm run repositories
  npm run repositories -- --repository owner/name [--status s] [--mode m] [--branches a,b] [--scopes a,b] [--fixes f] [--owns name]…

  --repository  the one to show or change
  --status      ${repositoryStatuses.join(', ')}
  --mode        ${publishModes.join(', ')}
  --branches    names or patterns (release/*) that may publish besides the default branch; --branches= for none
  --scopes      name prefixes within PACKAGE_SCOPES; --scopes= for all of them
  --fixes       ${fixModes.join(', ')}
  --owns        a package name that this repository owns from now on; may be given several times

All of it is done, or nothing. Settings: UPM_REGISTRY, PACKAGE_SCOPES, DATA_DIR and the others of
docs/settings.md, from the environment or .env. Every change is in the audit trail, by "repositories".
Exit: 0 shown or changed, 2 bad input, 75 a process works on the same DATA_DIR, 78 bad settings or a database that cannot be used.
`;

const actor = 'repositories';

interface Request {
  /** The repository; undefined shows all. */
  readonly slug: Slug | undefined;
  readonly settings: RepositorySettings;
  readonly owns: readonly string[];
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parseCommandLine(args: readonly string[]): ParsedArguments<Request> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        repository: { type: 'string' },
        status: { type: 'string' },
        mode: { type: 'string' },
        branches: { type: 'string' },
        scopes: { type: 'string' },
        fixes: { type: 'string' },
        owns: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values.help ? { kind: 'help' } : parseValues(values);
  } catch (error) {
    return refuseArguments(error);
  }
}

function parseValues(values: Values): ParsedArguments<Request> {
  const { settings, problems } = parseSettings(values);
  const owns = [values['owns'] ?? []].flat().map(String);
  const given = values['repository'];
  const slug = typeof given === 'string' ? parseSlug(given) : undefined;
  if (typeof given === 'string' && slug === undefined) problems.push('--repository must be owner/name');
  const isChange = Object.keys(settings).length + owns.length > 0;
  if (given === undefined && isChange) problems.push('--repository is missing');
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'request', request: { slug, settings, owns } };
}

/** Parses the settings that were given; unknown words are problems. */
function parseSettings(values: Values): {
  readonly settings: RepositorySettings;
  readonly problems: string[];
} {
  const problems: string[] = [];
  const oneOf = <T extends string>(name: string, known: readonly T[]): T | undefined => {
    const given = values[name];
    const found = known.find((word) => word === given);
    if (given !== undefined && found === undefined) problems.push(`--${name} must be ${known.join(' or ')}`);
    return found;
  };
  const asked = {
    status: oneOf('status', repositoryStatuses),
    mode: oneOf('mode', publishModes),
    fixes: oneOf('fixes', fixModes),
    branches: parseList(values['branches']),
    scopes: parseList(values['scopes']),
  };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { settings: Object.fromEntries(given) as RepositorySettings, problems };
}

/** Returns undefined when it was not given; '' is the empty list. */
function parseList(value: Values[string]): readonly string[] | undefined {
  if (typeof value !== 'string') return undefined;
  const items = value.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

async function showOrChange(request: Request, config: Config, secrets: Secrets): Promise<number> {
  return changeData(config, secrets, async (store) => {
    const all = await store.repositories.list();
    const { slug } = request;
    if (slug === undefined) return show(all);
    const repository = await store.repositories.findBySlug(slug);
    if (repository === undefined) return fail(wordUnknown(slug, all), exitBadInput);
    const problem = await findRefusal(store, config, repository, request);
    if (problem !== undefined) return fail(`${problem}; nothing was changed`, exitBadInput);
    const changes = [
      ...(await changeSettings(store, repository, request.settings)),
      ...(await giveNames(store, repository, request.owns)),
    ];
    process.stdout.write(changes.map((change) => `${change}\n`).join(''));
    const changed = await store.repositories.find(repository.id);
    return show(changed === undefined ? [] : [changed]);
  });
}

/** Returns why the change is refused; undefined when it is allowed. */
async function findRefusal(
  store: Store,
  { packageScopes }: Config,
  { id }: Repository,
  { settings, owns }: Request,
): Promise<string | undefined> {
  const bad = findProblem(settings, packageScopes);
  if (bad !== undefined) return renderFailure(bad).title;
  for (const name of owns) {
    const excluded = whyNameExcluded(name, packageScopes);
    if (excluded !== undefined) return `“${name}” cannot be owned: ${excluded}`;
    if (!(await isKnownName(store, name, id))) return `No registered repository holds a package ${name}`;
  }
  return undefined;
}

async function changeSettings(
  { register, lookMarks }: Store,
  repository: Repository,
  settings: RepositorySettings,
): Promise<readonly string[]> {
  const isLifted = settings.status === 'active' && (await lookMarks.lift(repository.id, actor));
  const lifted = isLifted ? ['left alone → looked at again'] : [];
  const changes = [...describeChanges(repository, settings), ...lifted];
  if (changes.length > 0) await register.change(repository.id, pickKnown(settings), changes, actor);
  return changes;
}

async function giveNames(
  { register, ledger }: Store,
  { id, slug }: Repository,
  names: readonly string[],
): Promise<readonly string[]> {
  const changes: string[] = [];
  for (const name of names) {
    const before = await ledger.findOwner(name);
    if (before !== undefined && sameSlug(before.slug, slug)) continue;
    await register.setOwner(name, id, actor);
    changes.push(`owner of ${name}: ${before?.slug ?? 'nobody'} → ${slug}`);
  }
  return changes;
}

function show(repositories: readonly Repository[]): number {
  const lines = repositories.map(wordRepository);
  process.stdout.write(lines.length === 0 ? 'No repository is registered.\n' : lines.join(''));
  return 0;
}

function wordRepository({ slug, status, mode, branches, scopes, fixes }: Repository): string {
  const where = ['the default branch', ...branches].join(', ');
  const what = scopes.length === 0 ? 'all' : scopes.join(', ');
  return `${slug}: ${status}, ${mode}; branches: ${where}; scopes: ${what}; fixes: ${fixes}\n`;
}

function wordUnknown(slug: Slug, known: readonly Repository[]): string {
  const names = known.map((repository) => repository.slug);
  const registered = names.length === 0 ? 'None is.' : `Registered are: ${names.join(', ')}`;
  return `${slug} is not registered. ${registered}`;
}

process.exitCode = await runTool({
  usage,
  parse: parseCommandLine,
  require: 'repositories',
  run: showOrChange,
});
