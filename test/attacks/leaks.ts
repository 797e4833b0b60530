import type { Neighbour } from './planted-world.ts';
import type { Tap } from './tap.ts';
import type { SeenChild } from './watch-children.ts';

/** Returns the names of the planted secrets that a text contains. */
export type Search = (text: string) => readonly string[];

const ofGitHub = /^(GITHUB_TOKEN|token \d+ of GitHub)/;
const ownOf: Readonly<Record<Neighbour, RegExp>> = {
  registry: /^NPM_TOKEN/,
  github: ofGitHub,
  gemini: /^GEMINI_API_KEY/,
  discord: /^DISCORD_TOKEN/,
};

const ownOfChild: readonly (readonly [program: RegExp, own: RegExp])[] = [
  [/^(\/\S*\/)?git[ -]/, ofGitHub],
  [/^\S*node .*fake-signer/, /^FAKE_SIGNER_KEY/],
];

/** Returns secrets on a command line, or in the environment of a process that they are not for. */
export function leaksToChildren(children: readonly SeenChild[], search: Search): readonly string[] {
  return children.flatMap(({ commandLine, environment }) => {
    const own = ownOfChild.find(([program]) => program.test(commandLine))?.[1];
    const inEnvironment = search(environment).filter((name) => own?.test(name) !== true);
    return [...search(commandLine), ...inEnvironment].map((name) => `${name}: ${commandLine.slice(0, 80)}`);
  });
}

/** Returns secrets that a neighbour received besides its own credential, or outside of the header for it. */
export function leaksToNeighbours(taps: Readonly<Record<Neighbour, Tap>>, search: Search): readonly string[] {
  return Object.entries(taps).flatMap(([neighbour, tap]) => {
    const own = ownOf[neighbour as Neighbour];
    return tap.overheard().flatMap(({ credentials, rest }) => {
      const foreign = search(credentials).filter((name) => !own.test(name));
      return [...search(rest), ...foreign].map((name) => `${name}: to ${neighbour}, ${rest.slice(0, 80)}`);
    });
  });
}

/**
 * Returns the bearer tokens that a neighbour received. Tokens that an App signs for itself are known only from there.
 */
export function bearersIn(tap: Tap): readonly string[] {
  const all = tap.overheard().flatMap(({ credentials }) => [...credentials.matchAll(/bearer ([\w.-]+)/gi)]);
  return [...new Set(all.map(([, token = '']) => token))];
}
