import { githubSettings } from './github-settings.ts';
import { type JobSettingName, jobSettings } from './job-settings.ts';
import type { Purpose, Setting } from './setting.ts';
import { signingSettings } from './signing-settings.ts';

const always: readonly Purpose[] = ['service', 'publish-once', 'doctor'];
const ofRepositories: readonly Purpose[] = [...always, 'repositories'];

/** Every setting, in the order of the table in docs/settings.md; schedules have their own table. */
export const settings = [
  {
    name: 'HOST',
    default: '127.0.0.1',
    expects: 'a host name or address to listen on',
    meaning: 'address to listen on',
  },
  {
    name: 'PORT',
    default: '8080',
    expects: 'a whole number from 0 to 65535',
    meaning: 'port to listen on; `0` picks one, see the log line `listening`',
  },
  {
    name: 'PUBLIC_URL',
    expects: 'an http(s) URL without query or credentials',
    meaning: 'how others reach this process',
  },
  {
    name: 'TRUST_PROXY',
    default: 'off',
    expects: '`off`, or a comma list of addresses or ranges (10.0.0.0/8, loopback)',
    meaning: 'proxies whose X-Forwarded-For is believed',
  },
  {
    name: 'DATA_DIR',
    default: './data',
    expects: 'a folder',
    meaning: 'database, mirrors, staged tarballs, work folders',
  },
  {
    name: 'BACKUP_DIR',
    expects: 'a folder',
    meaning: 'copies of the database; `backups` in DATA_DIR when not set, better on another volume',
  },
  {
    name: 'DISPATCH_SECRET',
    secret: true,
    expects: 'a comma list of secrets, at least 16 characters each',
    meaning: 'HMAC secret of POST /dispatch (several while rotating); without one every dispatch is refused',
  },
  ...githubSettings,
  {
    name: 'REPOSITORIES_FILE',
    expects: 'a JSON file {"repositories":[{"url","status"}]}',
    meaning: 'registered repositories, read at start; unknown ones are added',
  },
  {
    name: 'UPM_REGISTRY',
    required: ofRepositories,
    expects:
      'an https URL (http on loopback or for hosts in HTTP_REGISTRY_HOSTS) without query or credentials',
    meaning: 'the npm-compatible registry that is published to: docs/registries.md says which are known',
  },
  {
    name: 'HTTP_REGISTRY_HOSTS',
    expects: 'a comma list of host names, with or without a port',
    meaning: 'hosts that UPM_REGISTRY may reach over plain http',
  },
  {
    name: 'NPM_TOKEN',
    required: always,
    secret: true,
    expects: 'a token that may publish to UPM_REGISTRY',
    meaning: 'the registry’s token',
  },
  {
    name: 'PACKAGE_SCOPES',
    required: ofRepositories,
    expects: 'a comma list of name prefixes (com.studio,3rd)',
    meaning: 'package names that may be published; a repository may narrow it',
  },
  {
    name: 'PUBLISH_MODE',
    default: 'live',
    expects: '`live` or `shadow`',
    meaning: '`shadow`: everything but the PUT',
  },
  {
    name: 'PUBLISH_SUPERSEDED',
    default: 'skip',
    expects: '`skip` or `backport`',
    meaning:
      'a version whose event came after a newer commit was judged: left out and said so, or published beside `latest`',
  },
  {
    name: 'PUBLISH_CONCURRENCY',
    default: '4',
    expects: 'a whole number from 1 to 64',
    meaning: 'jobs at a time, one per repository',
  },
  {
    name: 'JOB_DEADLINE_SECONDS',
    default: '600',
    expects: 'a whole number from 1 to 86400',
    meaning: 'running time of one attempt',
  },
  {
    name: 'PARK_HOURS',
    default: '72',
    expects: 'a number above 0, at most 8760',
    meaning: 'how long a job waits for a neighbour that is down before a person is asked',
  },
  {
    name: 'AUDIT_RETENTION_DAYS',
    default: '90',
    expects: 'a whole number from 1 to 3650',
    meaning: 'how long audit rows stay in the database; publishes, owners and intents stay for ever',
  },
  {
    name: 'PACKAGE_SIZE_WARN_MB',
    default: '50',
    expects: 'a whole number from 1 to 4096',
    meaning: 'tarballs above this get a warning',
  },
  {
    name: 'PACKAGE_SIZE_MAX_MB',
    default: '400',
    expects: 'a whole number from 1 to 4096',
    meaning: 'tarballs above this are refused',
  },
  ...signingSettings,
  {
    name: 'DISCORD_TOKEN',
    secret: true,
    expects: 'a bot token',
    meaning: 'the bot; without it the process runs headless and announcements go to the log',
  },
  {
    name: 'DISCORD_GUILD_ID',
    expects: 'the id of the guild',
    meaning: 'where the bot works; other guilds are refused',
  },
  {
    name: 'DISCORD_THREAD_ID',
    expects: 'the id of a thread',
    meaning: 'where outcomes are announced',
  },
  {
    name: 'DISCORD_MONITORING_THREAD_ID',
    expects: 'the id of a thread',
    meaning: 'job reports and digests; the notification thread unless told',
  },
  {
    name: 'DISCORD_OPERATOR_ROLE_IDS',
    expects: 'a comma list of role ids',
    meaning: 'who may publish, register and override, besides Manage Server',
  },
  {
    name: 'DISCORD_RETRY_ROLE_IDS',
    expects: 'a comma list of role ids',
    meaning: 'who may press Retry; everyone who sees the thread unless told',
  },
  {
    name: 'DISCORD_USERS',
    expects: 'a comma list of GitHub login:Discord user id (octocat:123456789012345678)',
    meaning: 'whom a failure of their push notifies',
  },
  {
    name: 'DISCORD_FAILURE_ROLE_ID',
    expects: 'the id of a role',
    meaning: 'notified of failures whose pusher is not in DISCORD_USERS; nobody unless told',
  },
  {
    name: 'DISCORD_API_URL',
    default: 'https://discord.com/api',
    expects: 'an https URL (http on loopback only) without query or credentials',
    meaning: 'REST base of Discord',
  },
  {
    name: 'GEMINI_API_KEY',
    secret: true,
    expects: 'a key of the Gemini API',
    meaning: 'lets a model word changelogs; without it they are worded by rule',
  },
  {
    name: 'GEMINI_MODEL',
    default: 'gemini-flash-latest',
    expects: 'the name of a model',
    meaning: 'which model words changelogs',
  },
  {
    name: 'GEMINI_API_URL',
    default: 'https://generativelanguage.googleapis.com',
    expects: 'an https URL (http on loopback only) without query or credentials',
    meaning: 'base of the Gemini API',
  },
  {
    name: 'CHANGELOG_BUDGET_SECONDS',
    default: '20',
    expects: 'a number above 0, at most 600',
    meaning: 'how long a job waits for the model',
  },
  {
    name: 'HEARTBEAT_URL',
    secret: true,
    expects: 'an https URL (http on loopback only) without credentials',
    meaning: 'called every 5 minutes while all is well, so that somebody outside notices when it is not',
  },
  {
    name: 'TZ_JOBS',
    default: 'UTC',
    expects: 'an IANA time zone (Europe/Berlin)',
    meaning: 'the zone of the schedules below',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    expects: 'one of trace, debug, info, warn, error, fatal, silent',
    meaning: 'JSON lines on stdout; pretty on a terminal',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'] | JobSettingName;
export type SecretName = Extract<(typeof settings)[number], { readonly secret: true }>['name'];

export const secretNames: readonly string[] = settings
  .filter((setting) => 'secret' in setting)
  .map((setting) => setting.name);

export function getSetting(name: SettingName): Setting {
  const found = [...settings, ...jobSettings].find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`no setting ${name}`);
  return found;
}
