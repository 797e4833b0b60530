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
