import { REST, Routes } from 'discord.js';
import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inert } from '../../src/bot/text/text.ts';
import { launchBrowser, openPage } from './browser.ts';

let browser: Browser;
let discord: DiscordDouble;
let rest: REST;
let page: Page;
let errors: readonly string[];

// One page for all tests: every message is found by its id.
beforeAll(async () => {
  browser = await launchBrowser();
  discord = await startDiscord();
  rest = new REST({ api: discord.apiUrl, version: '10', retries: 0 }).setToken(discord.botToken);
  ({ page, errors } = await openPage(browser, discord.pageUrl));
});
afterAll(async () => {
  await browser.close();
  await discord.stop();
});

async function send(body: object): Promise<string> {
  return ((await rest.post(Routes.channelMessages(discord.threadId), { body })) as { id: string }).id;
}

/** Returns how the page shows a message's content, as elements. */
async function shown(content: string): Promise<string> {
  const id = await send({ content });
  return page.locator(`[data-id="${id}"] .content`).innerHTML();
}

const link = (url: string, text: string) =>
  `<a href="${url}" title="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`;
const lines = (html: string) => `<div class="lines">${html}</div>`;

describe('markdown is shown as Discord shows it', () => {
  test.each([
    [
      '**bold** *it* _it_ __under__ ~~gone~~',
      '<strong>bold</strong> <em>it</em> <em>it</em> <u>under</u> <s>gone</s>',
    ],
    ['***both***', '<strong><em>both</em></strong>'],
    ['snake_case_name 2*3*4', 'snake_case_name 2<em>3</em>4'],
    ['`code **x**` ``a ` b``', '<code>code **x**</code> <code>a ` b</code>'],
    [String.raw`\*not\* \_it\_ \[x\](y) \\`, String.raw`*not* _it_ [x](y) \ `.trim()],
    ['[text](https://x.test/a?b=1)', link('https://x.test/a?b=1', 'text')],
    ['[text](<https://x.test/a>)', link('https://x.test/a', 'text')],
    ['[**b**](https://x.test/)', link('https://x.test/', '<strong>b</strong>')],
    [
      'see https://x.test/a, and <https://y.test>',
      `see ${link('https://x.test/a', 'https://x.test/a')}, and ${link('https://y.test', 'https://y.test')}`,
    ],
    ['[x](javascript:alert(1)) [x](data:text/html,1)', '[x](javascript:alert(1)) [x](data:text/html,1)'],
    ['<b>x</b> & <img src=x>', '&lt;b&gt;x&lt;/b&gt; &amp; &lt;img src=x&gt;'],
    ['two\nlines', 'two\nlines'],
    [
      '@everyone <@1> <:party:123456789012345678>',
      '<span class="mention">@everyone</span> <span class="mention">@unknown-user</span> <span class="emoji">:party:</span>',
    ],
  ])('%s', async (content, html) => {
    expect(await shown(content)).toBe(lines(html));
  });

  test.each([
    [
      '# One\n## Two\n### Three\n-# small',
      '<h3>One</h3><h4>Two</h4><h5>Three</h5><div class="subtext">small</div>',
    ],
    ['#no heading', lines('#no heading')],
    ['> a\n> b\nc', `<blockquote>${lines('a\nb')}</blockquote>${lines('c')}`],
    ['>>> a\nb', `<blockquote>${lines('a\nb')}</blockquote>`],
    [
      'a\n```ts\nconst **x**;\n```\nb',
      `${lines('a')}<pre><code data-language="ts">const **x**;</code></pre>${lines('b')}`,
    ],
    [
      '- one\n  - two\n1. three',
      '<div class="list"><div class="item depth-0"><span class="mark">•</span><span>one</span></div>' +
        '<div class="item depth-1"><span class="mark">•</span><span>two</span></div>' +
        '<div class="item depth-0"><span class="mark">1.</span><span>three</span></div></div>',
    ],
  ])('%s', async (content, html) => {
    expect(await shown(content)).toBe(html);
  });

  test('mentions have the names of people, roles and threads; times are relative or absolute', async () => {
    const { id } = discord.user({ name: 'Zoe' });
    const time = Math.floor(Date.now() / 1000) - 7200;
    const content = `<@${id}> <@&${discord.operatorRoleId}> <#${discord.threadId}> <t:${time}:R> <t:1790000000:f>`;
    const message = page.locator(`[data-id="${await send({ content })}"]`);
    await message.getByText('@Zoe @Publishers # upm-publishes 2 hours ago').waitFor();
    expect(await message.locator('.timestamp').count()).toBe(2);
  });

  test('a spoiler is hidden until it is pressed', async () => {
    await send({ content: '||secret||' });
    const spoiler = page.getByLabel('Spoiler');
    await spoiler.waitFor();
    const color = () => page.evaluate(`getComputedStyle(document.querySelector('.spoiler')).color`);
    expect(await color()).toBe('rgba(0, 0, 0, 0)');
    await spoiler.click();
    expect(await color()).not.toBe('rgba(0, 0, 0, 0)');
  });
});

describe('hostile text in the page', () => {
  const hostile = [
    '<img src=x onerror="globalThis.pwned = 1">',
    '<script>globalThis.pwned = 1</script>',
    '[click](https://evil.test) https://evil.test <https://evil.test>',
    '@everyone @here <@123456789012345678> <@&223456789012345678> <#323456789012345678>',
    '**bold** __u__ ~~s~~ ||spoiler|| `code` <t:1:R>',
    '# heading',
    '> quote',
    '```\nblock\n```',
  ];

  test('becomes no element other than markdown’s, in any part of a message', async () => {
    const text = hostile.join('\n');
    const embed = { title: hostile[0], description: text, footer: { text }, author: { name: hostile[0] } };
    await send({ content: text, embeds: [{ ...embed, fields: [{ name: hostile[1], value: text }] }] });
    await page.locator('.embed-footer').last().waitFor();
    expect(await page.locator('#messages :is(img, script, iframe, style)').count()).toBe(0);
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
    expect(errors).toEqual([]);
  });

  test.each(hostile)('that the bot made inert is shown as it was written: %s', async (written) => {
    const id = await send({ content: inert(written, 500), embeds: [{ description: inert(written, 500) }] });
    const message = page.locator(`[data-id="${id}"]`);
    const active = 'strong, em, u, s, code, pre, h3, blockquote, .mention, .spoiler, .timestamp';
    expect(await message.locator(`:is(.content, .embed) :is(${active})`).count()).toBe(0);
    expect(await message.locator('a').count()).toBe(0);
    // Ignores zero-width spaces, which keep mentions and addresses from working.
    const text = (await message.locator('.content').textContent()) ?? '';
    expect(text.replaceAll('\u200B', '')).toBe(written.replaceAll('\n', ' '));
  });
});
