import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Button, Embed } from '../../ports/chat.ts';
import { cut, limits } from '../text/text.ts';
import type { Reply, Select } from './reply.ts';

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

export interface ReplyBody {
  readonly content: string;
  readonly embeds: APIEmbed[];
  readonly components: Row[];
  readonly files: { readonly name: string; readonly attachment: Buffer }[];
  /** Removes attachments of an earlier edit. */
  readonly attachments: never[];
  readonly allowedMentions: { readonly parse: [] };
}

const styles = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const;

/** Converts a reply to Discord's API format: menus above, buttons below. */
export function toReplyBody(reply: Reply): ReplyBody {
  const rows: Row[] = reply.selects.map((select) => rowOf([toSelect(select)]));
  if (reply.buttons.length > 0) rows.push(rowOf(reply.buttons.map(toButton)));
  return {
    content: cut(reply.content, limits.content),
    embeds: reply.embeds.map(toEmbed),
    components: rows,
    files: reply.files.map((file) => ({ name: file.name, attachment: Buffer.from(file.text) })),
    attachments: [],
    allowedMentions: { parse: [] },
  };
}

function rowOf(components: APIComponentInMessageActionRow[]): Row {
  return { type: ComponentType.ActionRow, components };
}

function toButton(button: Button): APIComponentInMessageActionRow {
  const label = cut(button.label, limits.buttonLabel);
  if (button.kind === 'link') {
    return { type: ComponentType.Button, style: ButtonStyle.Link, url: button.url, label };
  }
  const { id, style, disabled } = button;
  return { type: ComponentType.Button, style: styles[style], custom_id: id, label, disabled };
}

function toSelect(select: Select): APIComponentInMessageActionRow {
  return {
    type: ComponentType.StringSelect,
    custom_id: select.id,
    placeholder: cut(select.placeholder, limits.placeholder),
    min_values: 1,
    max_values: Math.min(select.max, select.options.length),
    options: select.options.map(({ value, label, description }) => ({
      value,
      label,
      ...(description === '' ? {} : { description }),
    })),
  };
}

function toEmbed(embed: Embed): APIEmbed {
  return {
    title: cut(embed.title, limits.title),
    color: embed.color,
    ...(embed.description === '' ? {} : { description: embed.description }),
    fields: [...embed.fields],
    ...(embed.footer === '' ? {} : { footer: { text: embed.footer } }),
    timestamp: new Date(embed.at).toISOString(),
  };
}
