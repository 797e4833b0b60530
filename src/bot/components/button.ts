import type { Button } from '../../ports/chat.ts';
import { buildComponentId } from './custom-id.ts';

type ActionButton = Extract<Button, { readonly kind: 'action' }>;

/** Builds the button of an action; `id` is at most 60 characters of `A-Z a-z 0-9 _ -`. */
export function buildButton(
  action: string,
  id: string | number,
  label: string,
  look: Partial<Pick<ActionButton, 'style' | 'disabled'>> = {},
): ActionButton {
  return {
    kind: 'action',
    id: buildComponentId(action, id),
    label,
    style: 'secondary',
    disabled: false,
    ...look,
  };
}
