/** A message of a chat thread in our own words. Whoever builds one keeps the limits of src/bot/text/text.ts. */
export interface Message {
  /** At most 2,000 characters; what a phone shows. */
  readonly content: string;
  readonly embeds: readonly Embed[];
  /** At most five. */
  readonly buttons: readonly Button[];
  readonly files: readonly AttachedFile[];
  /** Shown in the first embed; left out when it cannot be drawn. */
  readonly picture?: Picture;
  /** The only people and roles whom `content` notifies; nobody when left out. An edit notifies nobody. */
  readonly pings?: Pings;
}

/** Ids of the chat service. */
export interface Pings {
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export interface Embed {
  readonly title: string;
  readonly color: number;
  readonly description: string;
  readonly fields: readonly EmbedField[];
  /** Also how a message is recognised again: unique per key. */
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

/** Drawn when it is sent. */
export interface Picture {
  /** Of the file; ends in `.png`. */
  readonly name: string;
  /** Our own drawing: nothing from outside is in it. */
  readonly svg: string;
  /** What it shows, for people who do not see it; at most 1,024 characters. */
  readonly alt: string;
}

/**
 * One thread of the chat service. Every method throws ThreadTrouble: `later` while the service is down or slow,
 * `blocked` when a person must change something first (thread deleted or locked, a permission missing, token refused).
 */
export interface Channel {
  /** Posts it, as a reply when told; gives its id. The same nonce within minutes gives the same message. */
  post(message: Message, options: { readonly nonce: string; readonly replyTo?: string }): Promise<string>;
  /** False when the message is gone or can no longer be edited. */
  edit(id: string, message: Message): Promise<boolean>;
  /** The id of our own recent message with this footer. */
  findOwn(footer: string): Promise<string | undefined>;
}

/** Drawings become pictures. */
export interface Pictures {
  /** A PNG of an SVG that is our own; the same text gives the same bytes. Undefined when it cannot be drawn. */
  draw(svg: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
}
