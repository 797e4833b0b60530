import type { Filled, FormField } from '../interactions/form.ts';

const id = 'reason';
const longestReason = 300;

/** Asks why an exception is made; the reason is kept with the version and visible to everybody. */
export const reasonField: Extract<FormField, { readonly kind: 'text' }> = {
  kind: 'text',
  id,
  label: 'Why (everybody in the thread reads it)',
  hint: 'What makes it right to let this version through',
  max: longestReason,
};

export function readReason(filled: Filled): string {
  return filled.text(id).replaceAll(/\s+/g, ' ').slice(0, longestReason).toWellFormed();
}
