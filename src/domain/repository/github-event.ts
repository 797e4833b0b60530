import type { CommitSha, Slug } from './repository.ts';

/** The repository an event is about, as GitHub knew it then. */
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
  /** Normalised; '' for all. */
  readonly packagePath: string;
  readonly branch?: string | undefined;
  readonly commitMessage?: string | undefined;
  readonly commitAuthor?: string | undefined;
}

/** The part of a webhook that is looked at. All texts are as committed: hostile. */
export type GitHubEvent =
  | {
      readonly kind: 'push';
      readonly repository: EventRepository;
      /** `refs/heads/main`, `refs/tags/v1`. */
      readonly ref: string;
      /** Undefined: the ref was deleted. */
      readonly after: CommitSha | undefined;
      /** Where the ref stood before this push, as the event says; undefined when it is new. */
      readonly before?: CommitSha | undefined;
      /** Of the newest commit. */
      readonly message: string;
      readonly author: string;
    }
  | {
      readonly kind: 'repository-dispatch';
      readonly repository: EventRepository;
      readonly eventType: string;
      /** Undefined: its payload is no dispatch. */
      readonly dispatch: EventDispatch | undefined;
    }
  | {
      readonly kind: 'pull-request';
      readonly repository: EventRepository;
      readonly number: number;
      readonly action: string;
      readonly isMerged: boolean;
      /** Newest commit of what is proposed, perhaps of a fork. */
      readonly head: CommitSha | undefined;
      /** The branch that it would be merged into. */
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
  /** Nothing follows from it: ping, and whatever else is sent. */
  | { readonly kind: 'other' };

/** Events of one subject are handled in order; '' for those that have none. */
export function subjectOf(event: GitHubEvent): string {
  return 'repository' in event ? String(event.repository.githubId) : '';
}
