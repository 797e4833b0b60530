import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { parseSlug } from '../domain/repository/repository.ts';
import type { Purpose, Setting } from './setting.ts';
import { listOf, parsedBy, serviceUrl, wholeNumber } from './values.ts';

const running: readonly Purpose[] = ['service', 'doctor'];

/** Settings of how the git host is reached, and what it may send us. */
export const githubSettings = [
  {
    name: 'GITHUB_TOKEN',
    secret: true,
    suggested: true,
    schema: z.string().describe('a token of the git host'),
    example: 'replace-with-a-read-token',
    meaning: 'access to the repositories, for small teams: reads them, and writes what is committed back',
  },
  {
    name: 'GITHUB_APP_ID',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.]{0,39}$/)
      .describe('the id (or client id) of a GitHub App'),
    example: '123456',
    meaning:
      'access as a GitHub App instead, with a token of its own for each repository; wins over GITHUB_TOKEN',
  },
  {
    name: 'GITHUB_APP_PRIVATE_KEY',
    secret: true,
    schema: z.string().refine(isPrivateKey).describe('a private key in PEM form'),
    example: 'replace-with-the-private-key-or-use-GITHUB_APP_PRIVATE_KEY_FILE',
    meaning: 'the App’s private key, as GitHub hands it out',
  },
  {
    name: 'GITHUB_WEBHOOK_SECRET',
    secret: true,
    schema: z.string().describe('a comma list of secrets, at least 16 characters each'),
    example: 'replace-with-32-random-bytes-in-hex',
    meaning:
      'HMAC secret of POST /webhooks/github (several while rotating); without one every webhook is refused',
  },
  {
    name: 'GITHUB_DISPATCH_REPOSITORY',
    schema: parsedBy(parseSlug).describe('owner/name'),
    example: 'example-studio/publish-requests',
    meaning: 'the only repository whose repository_dispatch webhooks count',
  },
  {
    name: 'CATCH_UP_MINUTES',
    schema: wholeNumber(0, 1440),
    default: '10',
    meaning: 'look for pushes that no event announced (`git ls-remote`), also at start; `0` = off',
  },
  {
    name: 'OIDC_AUDIENCE',
    schema: z
      .string()
      .regex(/^\S{1,200}$/)
      .describe('any text without spaces that workflows ask their identity token for'),
    example: 'upm-auto-publisher',
    meaning: 'accept identity tokens of GitHub Actions for this audience on POST /dispatch',
  },
  {
    name: 'OIDC_ISSUER',
    schema: serviceUrl,
    default: 'https://token.actions.githubusercontent.com',
    meaning: 'who signs these tokens',
  },
  {
    name: 'GITHUB_API_URL',
    schema: serviceUrl,
    default: 'https://api.github.com',
    meaning: 'REST base of the git host',
  },
  {
    name: 'GITHUB_SERVER_URL',
    schema: serviceUrl,
    default: 'https://github.com',
    meaning: 'clone base: `<base>/<owner>/<name>.git`',
  },
  {
    name: 'GITHUB_OWNERS',
    required: running,
    schema: listOf(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/).describe(
      'a comma list of owners (my-studio,my-other-studio)',
    ),
    example: 'example-studio',
    meaning: 'owners whose repositories may be registered or dispatched',
  },
] as const satisfies readonly Setting[];

/** Turns `\n` into line breaks, as environment variables often hold keys. */
export function unfoldKey(key: string): string {
  return key.replaceAll('\\n', '\n');
}

function isPrivateKey(key: string): boolean {
  try {
    return createPrivateKey(unfoldKey(key)).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
