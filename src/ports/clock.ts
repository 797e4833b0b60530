export interface Clock {
  /** Epoch milliseconds, for what is shown or outlives the process. The host's clock may be set at any moment. */
  now(): number;
  /** Milliseconds since some moment of this process, never set: for what is measured. Means nothing elsewhere. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Goes evenly, whatever is done to the host's clock, until it is told to follow: nothing is set behind our back. */
export interface SteadyClock extends Clock {
  /** How far the host's clock is ahead of this one, in milliseconds; negative when it is behind. */
  step(): number;
  /** Moves `now` by so much. */
  follow(stepMs: number): void;
}
