/** What the bot remembers from one start to the next, by key. */
export interface BotMemory {
  find(key: string): Promise<string | undefined>;
  /** Replaces what was there. */
  remember(key: string, value: string): Promise<void>;
}
