/** Which message of the thread stands for what; it survives restarts, so that nothing is posted twice. */
export interface ThreadMessages {
  find(key: string): Promise<KnownMessage | undefined>;
  /** Before the first post: from now on a crash leaves a trace. Keeps what is there. */
  begin(key: string, nonce: string): Promise<void>;
  /** Its hour in which it is edited begins now, however long it had to wait. */
  posted(key: string, messageId: string): Promise<void>;
  /** The message is gone; the next one is a new one, with this nonce. */
  replace(key: string, nonce: string): Promise<void>;
}

export interface KnownMessage {
  readonly nonce: string;
  /** Undefined while it is not known whether the post arrived. */
  readonly messageId: string | undefined;
  /** Epoch milliseconds. */
  readonly postedAt: number;
}
