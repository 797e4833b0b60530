import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { cut, limits } from '../text/text.ts';
import type { SelectOption } from './reply.ts';

/** A dialog. Discord allows five fields, and waits three seconds for it. */
export interface Form {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly FormField[];
}

export type FormField =
  | {
      readonly kind: 'text';
      readonly id: string;
      readonly label: string;
      /** The description below the label. */
      readonly about?: string;
      readonly hint: string;
      /** The longest text, in characters. */
      readonly max: number;
    }
  /** At least one option must be chosen, all may be. */
  | {
      readonly kind: 'select';
      readonly id: string;
      readonly label: string;
      readonly options: readonly SelectOption[];
    };

/** A submitted form; untrusted. */
export interface Filled {
  /** The id that the button carried which opened the form. */
  readonly about: string;
  readonly actor: string;
  /** The trimmed text; '' when there is none. */
  text(id: string): string;
  values(id: string): readonly string[];
}

export function isForm(answer: object): answer is Form {
  return 'fields' in answer;
}

/** Converts a form to Discord's API format. */
export function toModal({ id, title, fields }: Form): APIModalInteractionResponseCallbackData {
  return {
    custom_id: id,
    title: cut(title, limits.formText),
    components: fields.map((field) => ({
      type: ComponentType.Label,
      label: cut(field.label, limits.formText),
      ...('about' in field ? { description: cut(field.about, limits.formHint) } : {}),
      component: toComponent(field),
    })),
  };
}

function toComponent(field: FormField) {
  if (field.kind === 'text') {
    return {
      type: ComponentType.TextInput as const,
      custom_id: field.id,
      style: TextInputStyle.Paragraph,
      placeholder: cut(field.hint, limits.formHint),
      min_length: 1,
      max_length: field.max,
      required: true,
    };
  }
  return {
    type: ComponentType.StringSelect as const,
    custom_id: field.id,
    min_values: 1,
    max_values: field.options.length,
    required: true,
    options: field.options.map(({ value, label, description }) => ({
      value,
      label,
      ...(description === '' ? {} : { description }),
    })),
  };
}

/** Reads a submitted form; missing fields are empty, whatever was sent. */
export function readFilled({ fields }: ModalSubmitInteraction, about: string, actor: string): Filled {
  return {
    about,
    actor,
    text: (id) => {
      const field = fields.fields.get(id);
      return field?.type === ComponentType.TextInput ? field.value.trim().toWellFormed() : '';
    },
    values: (id) => {
      const field = fields.fields.get(id);
      return field !== undefined && 'values' in field ? [...field.values] : [];
    },
  };
}
