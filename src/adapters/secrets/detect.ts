import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { Detected } from './detected.ts';
import { isPlaceholder } from './placeholders.ts';
import { findPrivateKeys } from './private-keys.ts';

// The profiler keeps a record of every file for ever, and takes half of the time.
secretLintProfiler.setEnabled(false);

const prefix = '@secretlint/secretlint-rule-';

/**
 * Excluded rules. `filter-comments` lets a comment in the package disable the search; `gcp` reads the file from disk
 * instead of the given text.
 */
const leftOut = ['filter-comments', 'gcp'];

const config = {
  rules: rules
    .filter(({ meta }) => !leftOut.includes(meta.id.replace(prefix, '')))
    .map((rule) => ({ id: rule.meta.id, rule })),
};

const kinds: Readonly<Record<string, string>> = {
  '1password': 'a 1Password token',
  anthropic: 'an Anthropic key',
  aws: 'an AWS secret key',
  basicauth: 'a password in a URL',
  'database-connection-string': 'a database password',
  docker: 'a Docker token',
  github: 'a GitHub token',
  gitlab: 'a GitLab token',
  npm: 'an npm token',
  openai: 'an OpenAI key',
  privatekey: 'a private key',
  sendgrid: 'a SendGrid key',
  slack: 'a Slack token',
  stripe: 'a Stripe key',
};

/** Patterns that the rule set lacks, for secrets that occur in a studio's packages. */
const ownPatterns: readonly (readonly [string, RegExp])[] = [
  [
    'a service account key',
    /"type"\s{0,20}:\s{0,20}"service_account"[^{}]{0,2000}"private_key"\s{0,20}:\s{0,20}"(-----BEGIN[^"]{1,8000})"/g,
  ],
  ['a Google API key', /\b(AIza[0-9A-Za-z_-]{35})(?![0-9A-Za-z_-])/g],
  [
    'a Discord webhook',
    /\b(?:ptb\.|canary\.)?discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/(\d{17,20}\/[A-Za-z0-9_-]{60,100})(?![A-Za-z0-9_-])/gi,
  ],
  ['an age key', /\b(AGE-SECRET-KEY-1[0-9A-Z]{58})\b/g],
  ['a private key', /-----BEGIN ENCRYPTED PRIVATE KEY-----\s{0,4}([A-Za-z0-9+/=\s\\]{100,10000})-----END/g],
];

/**
 * Longer values are complete keys and never placeholders: nobody writes an example that long, and a character repeated
 * eight times is normal in them.
 */
const longestPlaceholder = 400;
/** Shorter matches are identifiers in code: `SG.Core.Tools` fits the rule set's pattern of a SendGrid key. */
const shortestSendGrid = 60;

/**
 * Finds the secrets in a text of at most a few hundred thousand characters, in order; a secret inside another is
 * omitted.
 */
export async function detectSecrets(text: string): Promise<readonly Detected[]> {
  const { messages } = await lintSource({
    source: { content: text, filePath: 'text', ext: '.txt', contentType: 'text' },
    options: { config, noPhysicFilePath: true },
  });
  // The rule set does not count a byte order mark in its positions.
  const offset = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const theirs = messages.map(({ ruleId, range }): Detected => {
    const [start, end] = [range[0] + offset, range[1] + offset];
    return { kind: kindOf(ruleId), start, end, value: text.slice(start, end) };
  });
  const ours = ownPatterns.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(({ index, 0: whole, 1: value = '' }): Detected => {
      return { kind, start: index, end: index + whole.length, value };
    }),
  );
  const whole = [...ours, ...theirs].filter(isReal);
  // A key that the rule set also found keeps the rule set's value, because earlier allowances were recorded for that
  // value.
  const keys = findPrivateKeys(text).filter((key) => !whole.some((known) => overlap(known, key)));
  return withoutInner([...whole, ...keys]);
}

function overlap(one: Detected, other: Detected): boolean {
  return one.start < other.end && other.start < one.end;
}

function kindOf(ruleId: string): string {
  const name = ruleId.replace(prefix, '');
  return kinds[name] ?? `a secret (${name})`;
}

function isReal({ kind, value }: Detected): boolean {
  if (kind === kinds['sendgrid'] && value.length < shortestSendGrid) return false;
  return value.length > longestPlaceholder || !isPlaceholder(value);
}

function withoutInner(all: readonly Detected[]): readonly Detected[] {
  const kept: Detected[] = [];
  for (const one of all.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (one.end > (kept.at(-1)?.end ?? -1)) kept.push(one);
  }
  return kept;
}
