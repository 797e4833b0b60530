import { type Config, type LoadOptions, loadConfig, type Secrets } from '../config/load-config.ts';

export const exitBadInput = 2;
export const exitLocked = 75;
export const exitConfiguration = 78;

/** The result of parsing a command line. */
export type ParsedArguments<Request> =
  | { readonly kind: 'help' }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }
  | { readonly kind: 'request'; readonly request: Request };

export interface Tool<Request> {
  readonly usage: string;
  /** Must not throw. */
  readonly parse: (args: readonly string[]) => ParsedArguments<Request>;
  /** What the settings are needed for. */
  readonly require: NonNullable<LoadOptions['require']>;
  /** Returns the exit code. */
  readonly run: (request: Request, config: Config, secrets: Secrets) => Promise<number>;
}

/**
 * Runs a command-line tool with this process's arguments and settings; returns its exit code. Help goes to stdout;
 * unreadable arguments (2) and wrong settings (78) are reported on stderr.
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

/** Reports arguments that could not be split into options. */
export function refuseArguments(error: unknown): ParsedArguments<never> {
  return {
    kind: 'problems',
    problems: [error instanceof Error ? error.message : 'the arguments cannot be read'],
  };
}
