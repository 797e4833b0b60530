import type { CommitSha, RepositoryId, Slug } from '../domain/repository.ts';

/** A look at a commit that nobody asked for by name. */
export interface HeadLook {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** The branch that the commit is the head of, or `#12` for a pull request. */
  readonly place: string;
  readonly kind: 'push' | 'catalog' | 'check';
}

/** `suspected`: one process died during such a look; `left-alone`: two did. */
export type LookVerdict = 'trusted' | 'suspected' | 'left-alone';

export interface LeftAlone {
  readonly repository: Slug;
  readonly commit: CommitSha;
}

/** Which looks were going on when a process died. Each method is one transaction. */
export interface LookMarks {
  judge(look: Pick<HeadLook, 'repositoryId' | 'commit'>): Promise<LookVerdict>;
  /** Before the look; what is known of earlier commits of the same place is forgotten. */
  begin(look: HeadLook): Promise<void>;
  /** After it. `isHarmless`: crashes that were counted for it are forgotten. */
  end(look: HeadLook, isHarmless: boolean): Promise<void>;
  /**
   * Once at the start, before anything else runs: looks that never ended count a crash. A second one counts only when no
   * job was running that could have caused it. Tells people of what is left alone from now on, and gives it back.
   */
  countCrashes(): Promise<readonly LeftAlone[]>;
  /** The process was asked to end: looks that it does not wait for count no crash. */
  pardon(): Promise<void>;
  /** A person wants it looked at again; false when nothing was held against it. */
  lift(repositoryId: RepositoryId, by: string): Promise<boolean>;
  listSuspected(): Promise<ReadonlySet<RepositoryId>>;
  /** Of repositories that are active. */
  listLeftAlone(): Promise<readonly LeftAlone[]>;
  isJobRunning(): Promise<boolean>;
}
