import type { PackumentShown, World } from '../../sandbox/world.ts';
import { readRows } from '../world/stored-rows.ts';
import { titleOf } from '../world/thread-world.ts';
import type { Sent } from './storm.ts';

/** What a storm did to accepted dispatches; each list has one line for each problem. */
export interface Verdict {
  /** Versions that are on the registry with the reported integrity. */
  readonly versions: number;
  /** Uploads that reached the registry's proxy; more than versions when one was spoilt. */
  readonly puts: number;
  /** Versions that are not on the registry, not announced, or whose job did not end as it must. */
  readonly lost: readonly string[];
  /** Versions that were published, recorded, announced or ended more than once. */
  readonly doubled: readonly string[];
  /** Rows of the audit trail that are missing or surplus. */
  readonly unaudited: readonly string[];
  /** What Discord would have refused. */
  readonly violations: readonly string[];
}

/** Compares what was accepted with the reports, the registry, the thread and the database. */
export async function judgeStorm(world: World, sent: readonly Sent[]): Promise<Verdict> {
  const ends: Finding[] = [];
  for (const item of sent) ends.push(await judgeEnd(world, item));
  const [versions, findings] = await judgeVersions(world, sent);
  const all = [...ends, ...findings, ...judgeThread(world, sent), ...listStrangers(world, sent)];
  return {
    versions,
    puts: world.puts(),
    lost: all.flatMap(({ lost = [] }) => lost),
    doubled: all.flatMap(({ doubled = [] }) => doubled),
    unaudited: judgeAudit(world, sent),
    violations: world.discord?.violations().map((violation) => JSON.stringify(violation)) ?? [],
  };
}

interface Finding {
  readonly lost?: readonly string[];
  readonly doubled?: readonly string[];
}

/** Checks the report: one job, which ended as the commit requires. */
async function judgeEnd(world: World, { accepted, status, slug }: Sent): Promise<Finding> {
  const { jobs } = await world.report(accepted.id);
  const [first] = jobs;
  const line = `#${accepted.job} ${slug}`;
  if (jobs.length > 1) return { doubled: [`${line}: ${jobs.length} jobs`] };
  if (first?.status === status) return {};
  const why =
    first?.failure?.reason ?? first?.packages.map((item) => `${item.name} ${item.reason}`).join(', ');
  return { lost: [`${line}: ${first?.status} instead of ${status} (${why})`] };
}

/** Checks the registry: each version with the one recorded integrity, and no other version. */
async function judgeVersions(world: World, sent: readonly Sent[]): Promise<[number, readonly Finding[]]> {
  const wanted = Map.groupBy(
    sent.flatMap(({ published }) => published),
    ({ name }) => name,
  );
  const findings: Finding[] = [];
  let versions = 0;
  for (const [name, items] of wanted) {
    const packument = await world.packument(name);
    for (const { version } of items) {
      const finding = judgeVersion(world, packument, name, version);
      if (finding === undefined) versions += 1;
      else findings.push(finding);
    }
    const known = new Set(items.map(({ version }) => version));
    const others = Object.keys(packument?.versions ?? {}).filter((version) => !known.has(version));
    findings.push({ doubled: others.map((version) => `${name}@${version}: nobody asked for it`) });
  }
  return [versions, findings];
}

function judgeVersion(
  world: World,
  packument: PackumentShown | undefined,
  name: string,
  version: string,
): Finding | undefined {
  const stored = packument?.versions[version]?.dist.integrity;
  if (stored === undefined) return { lost: [`${name}@${version}: not on the registry`] };
  const sql = `select result ->> 'integrity' as integrity from package_states
    where name = ? and result ->> 'version' = ? and state = 'published'`;
  const reported = readRows(world, sql, name, version) as readonly { readonly integrity: string }[];
  if (reported.length > 1) return { doubled: [`${name}@${version}: reported ${reported.length} times`] };
  if (reported[0]?.integrity !== stored) return { lost: [`${name}@${version}: reported with other bytes`] };
  const intents = readRows(world, 'select 1 from intents where name = ? and version = ?', name, version);
  return intents.length === 1
    ? undefined
    : { doubled: [`${name}@${version}: packed ${intents.length} times`] };
}

/**
 * Checks the thread: each end announced once, a failure with one reply, and nothing about jobs that need no message.
 */
function judgeThread({ discord }: World, sent: readonly Sent[]): readonly Finding[] {
  const standing = discord?.messages().filter(({ deleted }) => !deleted) ?? [];
  const byFooter = Map.groupBy(standing, (message) => message.embeds[0]?.footer?.text ?? '');
  return sent.map(({ accepted, slug, status }) => {
    const footer = `#${accepted.job} · ${slug} · ${accepted.id.slice(0, 8)}`;
    const ends = byFooter.get(footer) ?? [];
    const replies = byFooter.get(`${footer} · failed`) ?? [];
    const told = status === 'failed' ? replies : ends;
    const lost = status !== 'nothing-to-publish' && told.length === 0 ? [`${footer}: not told`] : [];
    const unended = ends.map(titleOf).filter((title) => /^(?:🚀|⏳)/u.test(title));
    const isTwice = ends.length > 1 || replies.length > (status === 'failed' ? 1 : 0);
    return {
      lost: [...lost, ...unended.map((title) => `${footer}: still says ${title}`)],
      doubled: isTwice ? [`${footer}: told ${ends.length} times, with ${replies.length} replies`] : [],
    };
  });
}

/** Lists jobs that nobody asked for. */
function listStrangers(world: World, sent: readonly Sent[]): readonly Finding[] {
  const known = new Set(sent.map(({ accepted }) => accepted.job));
  const jobs = readRows(world, 'select number from jobs') as readonly { readonly number: number }[];
  const strangers = jobs.filter(({ number }) => !known.has(number));
  return [{ doubled: strangers.map(({ number }) => `#${number}: nobody asked for it`) }];
}

/**
 * Checks the audit trail: each job accepted once, started at least once and ended once; each version published once.
 */
function judgeAudit(world: World, sent: readonly Sent[]): readonly string[] {
  const sql = 'select action, subject, count(*) as count from audit group by action, subject';
  const rows = readRows(world, sql) as readonly {
    readonly action: string;
    readonly subject: string;
    readonly count: number;
  }[];
  const counts = new Map(rows.map(({ action, subject, count }) => [`${action} ${subject}`, count]));
  const once = sent.flatMap(({ accepted, published }) => [
    `dispatch-accepted #${accepted.job}`,
    `job-finished #${accepted.job}`,
    ...published.map(({ name, version }) => `package-published ${name}@${version}`),
  ]);
  const starts = sent.map(({ accepted }) => `job-started #${accepted.job}`);
  return [
    ...once.filter((key) => counts.get(key) !== 1).map((key) => `${key}: ${counts.get(key) ?? 0} times`),
    ...starts.filter((key) => !counts.has(key)).map((key) => `${key}: never`),
  ];
}
