import type { JobReport, PackageReport } from '../../src/domain/job/report.ts';
import type { DriftRow } from '../../src/domain/package/drift.ts';
import type { Repository } from '../../src/domain/repository/repository.ts';
import type { BotMemory } from '../../src/ports/memory.ts';
import type { ExceptionRequest } from '../../src/ports/preflight.ts';
import type { RegistrationAnswer } from '../../src/publisher/github/registration.ts';
import type {
  DispatcherRequest,
  Operations,
  Proposals,
  PublishRequest,
  RepositorySettings,
  Suggestions,
} from '../../src/publisher/operations/operations.ts';
import { buildOperations } from './fake-operations.ts';
import { opened, repository } from './sample-answers.ts';

/** A publisher in memory: it answers commands from lists that a test fills, and records them. */
export interface FakePublisher {
  readonly operations: Operations;
  readonly suggestions: Suggestions;
  readonly proposals: Proposals;
  readonly memory: BotMemory;
  /** Answers that replace the built-in ones. */
  override: Partial<Operations & Suggestions>;
  repositories: Repository[];
  rows: DriftRow[];
  jobs: Map<number, JobReport>;
  owners: Map<string, string>;
  contested: { readonly name: string; readonly holders: string }[];
  /** What a dry run of a newly inspected head finds. */
  preflight: readonly PackageReport[] | undefined;
  readonly requests: PublishRequest[];
  readonly changes: { readonly slug: string; readonly settings: RepositorySettings; readonly by: string }[];
  readonly removed: string[];
  /** Requested pull requests. */
  readonly dispatchers: DispatcherRequest[];
  /** What GitHub does with the next pull request. */
  dispatcherAnswer: RegistrationAnswer;
  hearsPushes: boolean;
  /** Exceptions that were granted. */
  readonly exceptions: ExceptionRequest[];
  readonly refusals: { readonly by: string; readonly what: string }[];
  /** By how much the clock of the proposals was moved, in ms. */
  ageMs: number;
  /** Counts calls of anything that changes state. */
  countChanges(): number;
}

interface KeptProposal {
  readonly proposal: string;
  readonly by: string;
  readonly at: number;
  payload: unknown;
  usedBy: string | undefined;
  note: string;
}

const dayMs = 24 * 3_600_000;

export function buildFakePublisher(): FakePublisher {
  const kept = new Map<string, string>();
  const fake: FakePublisher = {
    operations: overridden(
      () => fake,
      buildOperations(() => fake),
    ),
    suggestions: overridden(
      () => fake,
      buildSuggestions(() => fake),
    ),
    proposals: buildProposals(() => fake),
    memory: {
      find: async (key) => kept.get(key),
      remember: async (key, value) => void kept.set(key, value),
    },
    override: {},
    repositories: [repository('studio/one'), repository('studio/two')],
    rows: [],
    jobs: new Map(),
    owners: new Map(),
    contested: [],
    preflight: [],
    requests: [],
    changes: [],
    removed: [],
    dispatchers: [],
    dispatcherAnswer: opened(undefined),
    hearsPushes: true,
    exceptions: [],
    refusals: [],
    ageMs: 0,
    countChanges: () =>
      fake.requests.length +
      fake.changes.length +
      fake.removed.length +
      fake.dispatchers.length +
      fake.exceptions.length +
      fake.owners.size,
  };
  return fake;
}

/** Wraps each method so that it returns the test's answer, if there is one. */
function overridden<Port extends object>(fake: () => FakePublisher, port: Port): Port {
  return new Proxy(port, {
    get: (target, name) => Reflect.get(fake().override, name) ?? Reflect.get(target, name),
  });
}

function buildSuggestions(self: () => FakePublisher): Suggestions {
  const matching = (values: readonly string[], typed: string) =>
    [...new Set(values.filter((value) => value.includes(typed)))].slice(0, 25);
  return {
    suggestPackages: async (typed) =>
      matching(
        self().rows.map((item) => item.name),
        typed,
      ),
    suggestRepositories: async (typed) =>
      matching(
        self().repositories.map((item) => item.slug),
        typed,
      ),
    suggestVersions: async (name, typed) =>
      matching(name === 'com.studio.core' ? ['1.1.0', '1.0.0'] : [], typed),
    suggestRefs: async (of, typed) => matching(of === undefined ? ['main'] : ['main', 'release/1.x'], typed),
    suggestJobs: async (typed) =>
      [...self().jobs.keys()]
        .filter((job) => String(job).startsWith(typed))
        .map((job) => ({ job, label: `#${job} published studio/one` })),
  };
}

function buildProposals(self: () => FakePublisher): Proposals {
  const proposals: KeptProposal[] = [];
  const fresh = (id: number): KeptProposal | undefined => {
    const found = proposals[id - 1];
    return found === undefined || self().ageMs - found.at > dayMs ? undefined : found;
  };
  return {
    add: async (proposal, by, payload) => {
      // Returns a value as it comes back from a database.
      const plain = JSON.parse(JSON.stringify(payload)) as unknown;
      proposals.push({ proposal, by, payload: plain, at: self().ageMs, usedBy: undefined, note: '' });
      return proposals.length;
    },
    take: async (id, by) => {
      const found = fresh(id);
      if (found === undefined) return undefined;
      if (found.usedBy !== undefined) return { kind: 'used', by: found.usedBy, note: found.note };
      found.usedBy = by;
      return { kind: 'taken', proposal: found.proposal, payload: found.payload };
    },
    close: async (id, note) => {
      const found = proposals[id - 1];
      if (found !== undefined) found.note = note;
    },
    find: async (id) => fresh(id),
    update: async (id, payload) => {
      const found = fresh(id);
      if (found !== undefined) found.payload = payload;
    },
  };
}
