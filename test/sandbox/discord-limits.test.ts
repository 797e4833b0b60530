import { Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { button, discord, fixture, refusal, row, useDiscord } from './discord-fixture.ts';

useDiscord();

describe('limits and schema of the Discord double', () => {
  const long = (length: number) => 'x'.repeat(length);
  const embeds = (...lengths: number[]) => lengths.map((length) => ({ description: long(length) }));

  test.each([
    ['2,001 characters', { content: long(2001) }, 'content'],
    ['6,001 characters over all embeds', { embeds: embeds(4096, 1905) }, 'embeds'],
    [
      'an empty field value',
      { embeds: [{ fields: [{ name: 'n', value: ' ' }] }] },
      'embeds.0.fields.0.value',
    ],
    ['a title of 257', { embeds: [{ title: long(257) }] }, 'embeds.0.title'],
    [
      'a custom id twice',
      { components: [row(button('a'), button('a'))] },
      'components.0.components.1.custom_id',
    ],
    [
      'a label of 81',
      { components: [row(button('a', { label: long(81) }))] },
      'components.0.components.0.label',
    ],
    ['six rows', { components: 'abcdef'.split('').map((id) => row(button(id))) }, 'components'],
    [
      'six buttons in a row',
      { components: [row(...'abcdef'.split('').map((id) => button(id)))] },
      'components.0.components',
    ],
    ['a nonce of 26', { content: 'x', nonce: long(26) }, 'nonce'],
    ['a link to javascript', { embeds: [{ title: 't', url: 'javascript:alert(1)' }] }, 'embeds.0.url'],
  ])('%s gets 50035 at its place in the body, and is a violation', async (_title, body, place) => {
    const refused = await refusal(fixture.send(body));
    expect(refused).toMatchObject({ code: 50035, status: 400 });
    expect(refused.rawError).toHaveProperty(`errors.${place}._errors`);
    expect(discord.violations()).toMatchObject([{ direction: 'request' }]);
    expect(discord.messages()).toEqual([]);
  });

  test('exactly 2,000 and 6,000 characters are accepted', async () => {
    await fixture.send({ content: long(2000), embeds: embeds(4096, 1904) });
    expect(discord.violations()).toEqual([]);
  });

  test('a member that the schema does not have is a violation but not refused', async () => {
    await fixture.send({ content: 'x', allowed_mention: { parse: [] } });
    expect(discord.violations()).toMatchObject([{ problems: ['allowed_mention: not in the schema'] }]);
  });

  test('a file above 10 MiB gets 413', async () => {
    const files = [{ name: 'a.txt', data: Buffer.alloc(10 * 1024 * 1024 + 1) }];
    const sent = fixture.rest.post(Routes.channelMessages(discord.threadId), { body: {}, files });
    expect(await refusal(sent)).toMatchObject({ code: 40005, status: 413 });
  });
});
