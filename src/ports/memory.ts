import type { CheckedName, DailyCheck } from '../domain/announcement/daily-check.ts';
import type { PublishTarget } from '../domain/package/publish-target.ts';
import type { CredentialName, KnownCredential } from '../domain/repository/credential.ts';

/** What the bot remembers from one start to the next, by key. */
export interface BotMemory {
  find(key: string): Promise<string | undefined>;
  /** Replaces what was there. */
  remember(key: string, value: string): Promise<void>;
}

/** The last daily check, and what the next one compares with. */
export interface CheckMemory {
  findLast(): Promise<DailyCheck | undefined>;
  listNames(): Promise<readonly CheckedName[]>;
  /** Replaces both in one transaction. */
  save(check: DailyCheck, names: readonly CheckedName[]): Promise<void>;
}

/** What is known of our credentials, never the credentials. */
export interface CredentialMemory {
  list(): Promise<readonly KnownCredential[]>;
  /** It is refused no longer; true when it was. */
  markTaken(name: CredentialName): Promise<boolean>;
  /** Replaces everything. */
  save(credentials: readonly KnownCredential[]): Promise<void>;
}

/** Answers to what is being typed: from the database only, prefix before substring, never throws, at most 25. */
export interface Suggestions {
  suggestPackages(typed: string): Promise<readonly string[]>;
  suggestRepositories(typed: string): Promise<readonly string[]>;
  suggestVersions(packageName: string, typed: string): Promise<readonly string[]>;
  /** Branches and commits known of the repository (or of the package's). */
  suggestRefs(of: PublishTarget | undefined, typed: string): Promise<readonly string[]>;
  suggestJobs(typed: string): Promise<readonly { readonly job: number; readonly label: string }[]>;
}

/** Which identity tokens were used, and for what. */
export interface UsedTokens {
  /** False when this token was used for something else before. Kept until it expires (epoch milliseconds). */
  use(tokenId: string, purpose: string, expiresAt: number): Promise<boolean>;
}

/** Times in the database that something waits for, or that a wait is measured from. */
export interface StoredTimes {
  /**
   * Moves them by `stepMs`, so that everything waits as long as it would have: in one transaction, within which `follow`
   * sets the clock. What has begun and not ended moves along with a step back only, or it would have lasted less than
   * nothing; after a step forward its time is told as it was. Throws what the database throws; then nothing has moved.
   */
  shift(stepMs: number, follow: () => void): Promise<void>;
  /** Lets `gapMs`, for which nobody ran, count for no patience with a neighbour: it was not asked. */
  excuse(gapMs: number): Promise<void>;
  /** The clock went forth by more than a day within the last week: what it calls old may be of today. */
  isDoubted(): Promise<boolean>;
  /** Takes back what waits for longer than any rule of ours lets it. How many did. */
  bound(): Promise<number>;
  /** The last time of which something tells that a process ran then, epoch ms; undefined before the first `remember`. */
  findLast(): Promise<number | undefined>;
  /** The clock showed this while we ran. */
  remember(epochMs: number): Promise<void>;
}
