import type { Button, Message } from '../../ports/chat.ts';

/** A menu. Discord allows 25 options; value, label and description take 100 characters each. */
export interface Select {
  readonly id: string;
  readonly placeholder: string;
  readonly options: readonly SelectOption[];
  /** The most options that may be chosen; at least one must be. */
  readonly max: number;
}

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly description: string;
}

/** An answer to a command or a press; at most four menus when it has buttons. */
export interface Reply extends Message {
  readonly selects: readonly Select[];
}

export const selectMax = { options: 25, text: 100, perMessage: 4 } as const;

const blank: Reply = { content: '', embeds: [], buttons: [], files: [], selects: [] };

/** Builds a reply from the given parts; everything else is empty. */
export function replyOf(parts: Partial<Reply>): Reply {
  return { ...blank, ...parts };
}

/** Builds a reply of one sentence. The caller makes outside text inert. */
export function say(content: string, ...buttons: readonly Button[]): Reply {
  return replyOf({ content, buttons });
}
