import { z } from 'zod';
import { publishModes, supersededModes } from '../domain/repository/repository.ts';
import { isTimeZone } from '../domain/schedule/time-zone.ts';
import { discordSettings } from './discord-settings.ts';
import { githubSettings } from './github-settings.ts';
import type { Purpose, Setting } from './setting.ts';
import { signingSettings } from './signing-settings.ts';
import {
  baseUrl,
  hostList,
  isHeartbeatUrl,
  listOf,
  positiveNumber,
  serviceUrl,
  trustedProxies,
  wholeNumber,
} from './values.ts';

const always: readonly Purpose[] = ['service', 'publish-once', 'doctor'];
const ofRepositories: readonly Purpose[] = [...always, 'repositories'];
const folder = z.string().describe('a folder');
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting, in the order of the table in docs/settings.md; schedules have their own table. */
export const settings = [
  {
    name: 'HOST',
    schema: hostList.transform(([host = '']) => host).describe('a host name or address to listen on'),
    default: '127.0.0.1',
    meaning: 'address to listen on',
  },
  {
    name: 'PORT',
    schema: wholeNumber(0, 65_535),
    default: '8080',
    meaning: 'port to listen on; `0` picks one, see the log line `listening`',
  },
  {
    name: 'PUBLIC_URL',
    schema: baseUrl(() => true).describe('an http(s) URL without query or credentials'),
    example: 'https://publisher.example.com',
    meaning: 'how others reach this process',
  },
  {
    name: 'TRUST_PROXY',
    schema: trustedProxies,
    default: 'off',
    meaning: 'proxies whose X-Forwarded-For is believed',
  },
  {
    name: 'DATA_DIR',
    schema: folder,
    default: './data',
    meaning: 'database, mirrors, staged tarballs, work folders',
  },
  {
    name: 'BACKUP_DIR',
    schema: folder,
    example: '/backups/publisher',
    meaning: 'copies of the database; `backups` in DATA_DIR when not set, better on another volume',
  },
  {
    name: 'DISPATCH_SECRET',
    secret: true,
    suggested: true,
    schema: z.string().describe('a comma list of secrets, at least 16 characters each'),
    example: 'replace-with-32-random-bytes-in-hex',
    meaning: 'HMAC secret of POST /dispatch (several while rotating); without one every dispatch is refused',
  },
  ...githubSettings,
  {
    name: 'REPOSITORIES_FILE',
    schema: z.string().describe('a JSON file {"repositories":[{"url","status"}]}'),
    example: 'examples/config/repositories.json',
    meaning: 'registered repositories, read at start; unknown ones are added',
  },
  {
    name: 'UPM_REGISTRY',
    required: ofRepositories,
    schema: baseUrl(() => true)
      .transform((url) => `${url}/`)
      .describe(
        'an https URL (http on loopback or for hosts in HTTP_REGISTRY_HOSTS) without query or credentials',
      ),
    example: 'https://registry.example.com',
    meaning: 'the npm-compatible registry that is published to: docs/registries.md says which are known',
  },
  {
    name: 'HTTP_REGISTRY_HOSTS',
    schema: hostList.describe('a comma list of host names, with or without a port'),
    example: 'registry.internal:4873',
    meaning: 'hosts that UPM_REGISTRY may reach over plain http',
  },
  {
    name: 'NPM_TOKEN',
    secret: true,
    required: always,
    schema: z.string().describe('a token that may publish to UPM_REGISTRY'),
    example: 'replace-with-a-publish-token',
    meaning: 'the registry’s token',
  },
  {
    name: 'PACKAGE_SCOPES',
    required: ofRepositories,
    schema: listOf(/^[a-z0-9][a-z0-9._-]*$/).describe('a comma list of name prefixes (com.studio,3rd)'),
    example: 'com.example',
    meaning: 'package names that may be published; a repository may narrow it',
  },
  {
    name: 'PUBLISH_MODE',
    schema: z.enum(publishModes).describe('`live` or `shadow`'),
    default: 'live',
    meaning: '`shadow`: everything but the PUT',
  },
  {
    name: 'PUBLISH_SUPERSEDED',
    schema: z.enum(supersededModes).describe('`skip` or `backport`'),
    default: 'skip',
    meaning:
      'a version whose event came after a newer commit was judged: left out and said so, or published beside `latest`',
  },
  {
    name: 'PUBLISH_CONCURRENCY',
    schema: wholeNumber(1, 64),
    default: '4',
    meaning: 'jobs at a time, one per repository',
  },
  {
    name: 'JOB_DEADLINE_SECONDS',
    schema: wholeNumber(1, 86_400),
    default: '600',
    meaning: 'running time of one attempt',
  },
  {
    name: 'PARK_HOURS',
    schema: positiveNumber(8760),
    default: '72',
    meaning: 'how long a job waits for a neighbour that is down before a person is asked',
  },
  {
    name: 'AUDIT_RETENTION_DAYS',
    schema: wholeNumber(1, 3650),
    default: '90',
    meaning: 'how long audit rows stay in the database; publishes, owners and intents stay for ever',
  },
  {
    name: 'PACKAGE_SIZE_WARN_MB',
    schema: wholeNumber(1, 4096),
    default: '50',
    meaning: 'tarballs above this get a warning',
  },
  {
    name: 'PACKAGE_SIZE_MAX_MB',
    schema: wholeNumber(1, 4096),
    default: '400',
    meaning: 'tarballs above this are refused',
  },
  ...signingSettings,
  ...discordSettings,
  {
    name: 'GEMINI_API_KEY',
    secret: true,
    schema: z.string().describe('a key of the Gemini API'),
    example: 'replace-with-a-key',
    meaning: 'lets a model word changelogs; without it they are worded by rule',
  },
  {
    name: 'GEMINI_MODEL',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/)
      .describe('the name of a model'),
    default: 'gemini-flash-latest',
    meaning: 'which model words changelogs',
  },
  {
    name: 'GEMINI_API_URL',
    schema: serviceUrl,
    default: 'https://generativelanguage.googleapis.com',
    meaning: 'base of the Gemini API',
  },
  {
    name: 'CHANGELOG_BUDGET_SECONDS',
    schema: positiveNumber(600),
    default: '20',
    meaning: 'how long a job waits for the model',
  },
  {
    name: 'HEARTBEAT_URL',
    secret: true,
    schema: z
      .string()
      .refine(isHeartbeatUrl)
      .describe('an https URL (http on loopback only) without credentials'),
    example: 'https://watch.example.com/ping/replace-with-its-key',
    meaning: 'called every 5 minutes while all is well, so that somebody outside notices when it is not',
  },
  {
    name: 'TZ_JOBS',
    schema: z.string().refine(isTimeZone).describe('an IANA time zone (Europe/Berlin)'),
    default: 'UTC',
    meaning: 'the zone of the schedules below',
  },
  {
    name: 'LOG_LEVEL',
    schema: z.enum(logLevels).describe(`one of ${logLevels.join(', ')}`),
    default: 'info',
    meaning: 'JSON lines on stdout; pretty on a terminal',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];
export type SecretName = Extract<(typeof settings)[number], { readonly secret: true }>['name'];

export const secretNames: readonly string[] = settings
  .filter((setting) => 'secret' in setting)
  .map((setting) => setting.name);

/** Returns what a valid value is; completes "expected …". */
export function expectedOf({ schema }: Setting): string {
  return schema.description ?? 'another value';
}

export function getSetting(name: SettingName): Setting {
  const found = settings.find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`no setting ${name}`);
  return found;
}
