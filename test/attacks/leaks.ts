import type { Neighbour } from './planted-world.ts';
import type { Tap } from './tap.ts';
import type { SeenChild } from './watch-children.ts';

/** Gives the names of what was planted in a text. */
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

/** What stands on a command line, or in the environment of a process that it is not for. */
export function leaksToChildren(children: readonly SeenChild[], search: Search): readonly string[] {
  return children.flatMap(({ commandLine, environment }) => {
    const own = ownOfChild.find(([program]) => program.test(commandLine))?.[1];
    const inEnvironment = search(environment).filter((name) => own?.test(name) !== true);
    return [...search(commandLine), ...inEnvironment].map((name) => `${name}: ${commandLine.slice(0, 80)}`);
  });
}

/** What a neighbour was told besides its own credential, or outside of the header for it. */
export function leaksToNeighbours(taps: Readonly<Record<Neighbour, Tap>>, search: Search): readonly string[] {
  return Object.entries(taps).flatMap(([neighbour, tap]) => {
    const own = ownOf[neighbour as Neighbour];
    return tap.overheard().flatMap(({ credentials, rest }) => {
      const foreign = search(credentials).filter((name) => !own.test(name));
      return [...search(rest), ...foreign].map((name) => `${name}: to ${neighbour}, ${rest.slice(0, 80)}`);
    });
  });
}

/** What a neighbour was shown as a bearer token. What an App signs for itself is known from there alone. */
export function bearersIn(tap: Tap): readonly string[] {
  const all = tap.overheard().flatMap(({ credentials }) => [...credentials.matchAll(/bearer ([\w.-]+)/gi)]);
  return [...new Set(all.map(([, token = '']) => token))];
}
