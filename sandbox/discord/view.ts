import { type JsonObject, objectsOf, textOf } from './json.ts';
import { EPHEMERAL } from './message-shape.ts';
import type { Pings, StoredMessage } from './state.ts';

export interface ButtonView {
  readonly customId: string | undefined;
  readonly label: string;
  readonly style: number;
  readonly disabled: boolean;
  readonly url: string | undefined;
}

export interface AttachmentView {
  readonly filename: string;
  readonly size: number;
  text(): string;
}

/** A snapshot of a message; later edits do not change it. */
export interface MessageView {
  readonly id: string;
  readonly channelId: string;
  readonly content: string;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly JsonObject[];
  /** Every button of `components`, in order. */
  readonly buttons: readonly ButtonView[];
  /** Attachments that no embed shows. */
  readonly attachments: readonly AttachmentView[];
  /** Pictures that its embeds show, as bytes. */
  readonly pictures: readonly Buffer[];
  /** Id of the message that it replies to. */
  readonly reference: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly editedAt: number | undefined;
  readonly nonce: string | undefined;
  readonly deleted: boolean;
  readonly ephemeral: boolean;
  /** Whom the message notifies; an edit notifies nobody. */
  readonly pings: Pings;
  readonly flags: number;
}

export interface EmbedView {
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly color?: number;
  readonly timestamp?: string;
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline: boolean }[];
  readonly footer?: { readonly text: string };
  readonly image?: {
    readonly url: string;
    readonly width?: number;
    readonly height?: number;
    /** Text for people who cannot see the picture. */
    readonly description?: string;
  };
  readonly author?: { readonly name: string; readonly url?: string };
}

export function viewMessage(message: StoredMessage): MessageView {
  return {
    id: message.id,
    channelId: message.channelId,
    content: message.content,
    // Discord's schema checked the embeds when they came in.
    embeds: message.embeds as readonly EmbedView[],
    components: message.components,
    buttons: viewButtons(message.components),
    attachments: message.attachments
      .filter(({ inEmbed }) => inEmbed !== true)
      .map((file) => ({
        filename: file.filename,
        size: file.bytes.length,
        text: () => file.bytes.toString('utf8'),
      })),
    pictures: message.attachments.flatMap((file) => (file.inEmbed === true ? [file.bytes] : [])),
    reference: message.reference,
    createdAt: message.createdAtMs,
    editedAt: message.editedAtMs,
    nonce: message.nonce,
    deleted: message.deleted,
    ephemeral: (message.flags & EPHEMERAL) !== 0,
    pings: message.pings,
    flags: message.flags,
  };
}

function viewButtons(rows: readonly JsonObject[]): ButtonView[] {
  return rows
    .flatMap((row) => objectsOf(row['components']))
    .filter((component) => component['type'] === 2)
    .map((button) => ({
      customId: typeof button['custom_id'] === 'string' ? button['custom_id'] : undefined,
      label: textOf(button['label']),
      style: Number(button['style']),
      disabled: button['disabled'] === true,
      url: typeof button['url'] === 'string' ? button['url'] : undefined,
    }));
}
