import type { CommitSha, Slug } from './repository.ts';

/** The repository that an event is about, as GitHub knew it then. */
export interface EventRepository {
  readonly githubId: number;
  readonly slug: Slug;
  /** Undefined where the payload does not say. */
  readonly defaultBranch: string | undefined;
}

/** What a dispatch asks for; see DispatchRequest. */
export interface EventDispatch {
  readonly repository: Slug;
  readonly commit: CommitSha;
  /** Normalised path of one package; '' for all. */
  readonly packagePath: string;
  readonly branch?: string | undefined;
  readonly commitMessage?: string | undefined;
  readonly commitAuthor?: string | undefined;
}

/** The parts of a webhook that are looked at. All texts are as committed: hostile. */
export type GitHubEvent =
  | {
      readonly kind: 'push';
      readonly repository: EventRepository;
      /** `refs/heads/main`, `refs/tags/v1`. */
      readonly ref: string;
      /** Undefined when the ref was deleted. */
      readonly after: CommitSha | undefined;
      /** Commit of the ref before this push, as the event says; undefined when the ref is new. */
      readonly before?: CommitSha | undefined;
      /** Message of the newest commit. */
      readonly message: string;
      readonly author: string;
    }
  | {
      readonly kind: 'repository-dispatch';
      readonly repository: EventRepository;
      readonly eventType: string;
      /** Undefined when the payload is no dispatch. */
      readonly dispatch: EventDispatch | undefined;
    }
  | {
      readonly kind: 'pull-request';
      readonly repository: EventRepository;
      readonly number: number;
      readonly action: string;
      readonly isMerged: boolean;
      /** Newest commit of the pull request, perhaps of a fork. */
      readonly head: CommitSha | undefined;
      /** The branch into which it would be merged. */
      readonly base: string | undefined;
    }
  | {
      readonly kind: 'workflow-run';
      readonly repository: EventRepository;
      /** `.github/workflows/…` */
      readonly path: string;
      readonly commit: CommitSha | undefined;
      /** `success`, `failure`, …; undefined while it runs. */
      readonly conclusion: string | undefined;
    }
  | {
      readonly kind: 'repository';
      readonly repository: EventRepository;
      /** `renamed`, `transferred`, `archived`, `deleted`, … */
      readonly action: string;
    }
  | {
      readonly kind: 'installation';
      readonly action: string;
      readonly repositories: readonly EventRepository[];
    }
  /** An event without consequences: ping, and whatever else is sent. */
  | { readonly kind: 'other' };

/** Returns what an event is about. Events of one subject are handled in order; '' for events without a subject. */
export function subjectOf(event: GitHubEvent): string {
  return 'repository' in event ? String(event.repository.githubId) : '';
}
