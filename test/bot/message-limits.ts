import { checkMessageLimits, embedLength } from 'discord-stand-in/limits.ts';
import { checkSchema, describeProblems, spec } from 'discord-stand-in/schema-check.ts';
import { toBody } from '../../src/adapters/discord/discord-channel.ts';
import type { Embed, Message } from '../../src/ports/chat.ts';

/**
 * Returns what Discord would not accept of a message, by its published schema and by the limits in its documentation.
 */
export function listProblems(message: Message): readonly string[] {
  const body = { ...toBody(message), nonce: '0'.repeat(24), enforce_nonce: true };
  const beyond = checkMessageLimits(body).map(({ path, message: text }) => `${path.join('.')}: ${text}`);
  return [
    ...describeProblems(checkSchema(spec.MessageCreateRequestSchema, body)),
    ...beyond,
    ...overLimits(message),
  ];
}

/** Checks the documented limits once more, counted without the double's help. */
function overLimits(message: Message): readonly string[] {
  const total = message.embeds.reduce((sum, embed) => sum + totalOf(embed), 0);
  const sizes: readonly (readonly [string, number, number])[] = [
    ['content', message.content.length, 2_000],
    ['all embeds', total, 6_000],
    ['buttons', message.buttons.length, 5],
    [
      'file bytes',
      message.files.reduce((sum, file) => sum + Buffer.byteLength(file.text), 0),
      10 * 1024 ** 2,
    ],
    ...message.buttons.map(({ label }) => ['label', label.length, 80] as const),
    ...message.embeds.flatMap((embed) => sizesOf(embed)),
  ];
  const ids = message.buttons.flatMap((button) => (button.kind === 'action' ? [button.id] : []));
  return [
    ...sizes.filter(([, size, max]) => size > max).map(([what, size]) => `${what}: ${size}`),
    ...(new Set(ids).size === ids.length ? [] : ['custom ids: not unique']),
    ...message.embeds.flatMap(({ fields }) => fields).flatMap(findEmpty),
  ];
}

function sizesOf(embed: Embed): readonly (readonly [string, number, number])[] {
  return [
    ['title', embed.title.length, 256],
    ['description', embed.description.length, 4_096],
    ['fields', embed.fields.length, 25],
    ['footer', embed.footer.length, 2_048],
    ...embed.fields.flatMap(({ name, value }) => [
      ['field name', name.length, 256] as const,
      ['field value', value.length, 1_024] as const,
    ]),
  ];
}

function totalOf(embed: Embed): number {
  const { title, description, fields, footer } = embed;
  return embedLength({
    title,
    description,
    fields: fields.map((item) => ({ ...item })),
    footer: { text: footer },
  });
}

function findEmpty({ name, value }: Embed['fields'][number]): readonly string[] {
  return [
    ...(name.trim() === '' ? ['a field without a name'] : []),
    ...(value.trim() === '' ? ['a field without a value'] : []),
  ];
}

/** Returns everything that can be read without opening a file. */
export function textOf(message: Message): string {
  const embeds = message.embeds.flatMap(({ title, description, fields, footer }) => [
    title,
    description,
    ...fields.flatMap(({ name, value }) => [name, value]),
    footer,
  ]);
  return [message.content, ...embeds].join('\n');
}

export function attachedText(message: Message): string {
  return message.files.map(({ text }) => text).join('\n');
}
