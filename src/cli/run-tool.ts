import { type Config, type LoadOptions, loadConfig, type Secrets } from '../config/load-config.ts';

export const exitBadInput = 2;
export const exitLocked = 75;
export const exitConfiguration = 78;

/** What became of the arguments of a command line. */
export type ParsedArguments<Request> =
  | { readonly kind: 'help' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }
  | { readonly kind: 'request'; readonly request: Request };

export interface Tool<Request> {
  readonly usage: string;
  /** Must not throw. */
  readonly parse: (args: readonly string[]) => ParsedArguments<Request>;
  /** The settings that must be there. */
  readonly require: NonNullable<LoadOptions['require']>;
  /** The exit code. */
  readonly run: (request: Request, config: Config, secrets: Secrets) => Promise<number>;
}

/**
 * Runs what is started from a terminal with this process's arguments and settings; gives its exit code. Help goes to
 * stdout; arguments that cannot be read (2) and settings that are wrong (78) are told on stderr.
 */
export async function runTool<Request>({ usage, parse, require, run }: Tool<Request>): Promise<number> {
  const parsed = parse(process.argv.slice(2));
  if (parsed.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (parsed.kind === 'problems') {
    process.stderr.write(`${parsed.problems.join('\n')}\n\n${usage}`);
    return exitBadInput;
  }
  const loaded = loadConfig(undefined, undefined, { require });
  if (loaded.kind === 'problems') {
    process.stderr.write(`${loaded.text}\n`);
    return exitConfiguration;
  }
  return run(parsed.request, loaded.config, loaded.secrets);
}

/** For arguments that could not even be parted into options. */
export function refuseArguments(error: unknown): ParsedArguments<never> {
  return {
    kind: 'problems',
    problems: [error instanceof Error ? error.message : 'the arguments cannot be read'],
  };
}
