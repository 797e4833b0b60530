import type { TypedOptions } from '../interactions/typed-options.ts';
import { code } from '../text/text.ts';

/** How a repository gets the dispatcher, the workflow that reports its pushes. */
export const dispatcherWishes = ['none', 'open', 'merge'] as const;
export type DispatcherWish = (typeof dispatcherWishes)[number];

/** The labels of the choices. */
export const dispatcherLabels: Readonly<Record<DispatcherWish, string>> = {
  none: 'webhook or sweep covers it',
  open: 'open the pull request',
  merge: 'open it and merge',
};

/** The sentence added to the question that asks for confirmation. */
export const dispatcherQuestions: Readonly<Record<DispatcherWish, string>> = {
  none: '',
  open: ' A pull request will bring it the dispatcher; it is published once that is merged.',
  merge: ' A pull request will bring it the dispatcher and be merged as soon as GitHub allows it.',
};

/** Reads the typed wish; undefined when it was left out. */
export function readWish(
  options: TypedOptions,
): { readonly wish: DispatcherWish | undefined } | { readonly problem: string } {
  const text = options.text('dispatcher');
  if (text === undefined) return { wish: undefined };
  const wish = dispatcherWishes.find((known) => known === text);
  if (wish !== undefined) return { wish };
  return {
    problem: `${code(text, 200)} is nothing a dispatcher can be: ${dispatcherWishes.join(', ')} are.`,
  };
}
