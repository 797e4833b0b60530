/**
 * A message of a chat thread, independent of the chat service. Whoever builds one keeps the limits of
 * src/bot/text/text.ts.
 */
export interface Message {
  /** At most 2,000 characters; the text that a phone shows. */
  readonly content: string;
  readonly embeds: readonly Embed[];
  /** At most five. */
  readonly buttons: readonly Button[];
  readonly files: readonly AttachedFile[];
  /** Shown in the first embed; left out if it cannot be drawn. */
  readonly picture?: Picture;
  /** The only people and roles whom `content` notifies; nobody if left out. An edit notifies nobody. */
  readonly pings?: Pings;
}

/** Ids of users and roles in the chat service. */
export interface Pings {
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export interface Embed {
  readonly title: string;
  readonly color: number;
  readonly description: string;
  readonly fields: readonly EmbedField[];
  /** Unique per key, because the footer also identifies the message when it is searched for. */
  readonly footer: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface EmbedField {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}

export type Button =
  | {
      readonly kind: 'action';
      readonly id: string;
      readonly label: string;
      readonly style: 'primary' | 'secondary' | 'danger';
      readonly disabled: boolean;
    }
  | { readonly kind: 'link'; readonly url: string; readonly label: string };

export interface AttachedFile {
  readonly name: string;
  readonly text: string;
}

/** A picture that is drawn when the message is sent. */
export interface Picture {
  /** File name; ends in `.png`. */
  readonly name: string;
  /** A drawing that we made ourselves, without any content from outside. */
  readonly svg: string;
  /** Describes the picture for people who do not see it; at most 1,024 characters. */
  readonly alt: string;
}

/**
 * One thread of the chat service. Every method throws ThreadTrouble: `later` while the service is down or slow,
 * `blocked` if a person must change something first (thread deleted or locked, a permission missing, token refused).
 */
export interface Channel {
  /**
   * Posts the message, as a reply if `replyTo` is given, and returns its id. The same nonce within a few minutes
   * returns the same message.
   */
  post(message: Message, options: { readonly nonce: string; readonly replyTo?: string }): Promise<string>;
  /** Returns false if the message is gone or can no longer be edited. */
  edit(id: string, message: Message): Promise<boolean>;
  /** Returns the id of our own recent message with this footer. */
  findOwn(footer: string): Promise<string | undefined>;
}

export interface Pictures {
  /**
   * Returns a PNG of an SVG that we made ourselves; the same SVG always gives the same bytes. Returns undefined if it
   * cannot be drawn.
   */
  draw(svg: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
}
