import type { Purpose, Setting } from './setting.ts';

const running: readonly Purpose[] = ['service', 'doctor'];

/** Settings of how the git host is reached, and what it may send us. */
export const githubSettings = [
  {
    name: 'GITHUB_TOKEN',
    secret: true,
    expects: 'a token of the git host',
    meaning: 'access to the repositories, for small teams: reads them, and writes what is committed back',
  },
  {
    name: 'GITHUB_APP_ID',
    expects: 'the id (or client id) of a GitHub App',
    meaning:
      'access as a GitHub App instead, with a token of its own for each repository; wins over GITHUB_TOKEN',
  },
  {
    name: 'GITHUB_APP_PRIVATE_KEY',
    secret: true,
    expects: 'a private key in PEM form, as GitHub hands it out',
    meaning: 'the App’s private key',
  },
  {
    name: 'GITHUB_WEBHOOK_SECRET',
    secret: true,
    expects: 'a comma list of secrets, at least 16 characters each',
    meaning:
      'HMAC secret of POST /webhooks/github (several while rotating); without one every webhook is refused',
  },
  {
    name: 'GITHUB_DISPATCH_REPOSITORY',
    expects: 'owner/name',
    meaning: 'the only repository whose repository_dispatch webhooks count',
  },
  {
    name: 'CATCH_UP_MINUTES',
    default: '10',
    expects: 'a whole number from 0 to 1440',
    meaning: 'look for pushes that no event announced (`git ls-remote`), also at start; `0` = off',
  },
  {
    name: 'OIDC_AUDIENCE',
    expects: 'any text without spaces that workflows ask their identity token for',
    meaning: 'accept identity tokens of GitHub Actions for this audience on POST /dispatch',
  },
  {
    name: 'OIDC_ISSUER',
    default: 'https://token.actions.githubusercontent.com',
    expects: 'an https URL (http on loopback only) without query or credentials',
    meaning: 'who signs these tokens',
  },
  {
    name: 'GITHUB_API_URL',
    default: 'https://api.github.com',
    expects: 'an https URL (http on loopback only) without query or credentials',
    meaning: 'REST base of the git host',
  },
  {
    name: 'GITHUB_SERVER_URL',
    default: 'https://github.com',
    expects: 'an https URL (http on loopback only) without query or credentials',
    meaning: 'clone base: `<base>/<owner>/<name>.git`',
  },
  {
    name: 'GITHUB_OWNERS',
    required: running,
    expects: 'a comma list of owners (my-studio,my-other-studio)',
    meaning: 'owners whose repositories may be registered or dispatched',
  },
] as const satisfies readonly Setting[];
