import type { ModalView } from '../modal.ts';

// Members have the names of Discord's documentation: they are checked against its schema when they come in, and go to
// the page unchanged.

export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly default?: boolean;
}

/** A component of a message or a modal; which members it has depends on its type. */
export interface Component {
  readonly type: number;
  readonly custom_id?: string;
  readonly label?: string;
  readonly description?: string;
  readonly style?: number;
  readonly url?: string;
  readonly content?: string;
  readonly emoji?: { readonly name?: string };
  readonly disabled?: boolean;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly value?: string;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly min_values?: number;
  readonly max_values?: number;
  readonly options?: readonly SelectOption[];
  /** The field of a label. */
  readonly component?: Component;
  /** The components of a row. */
  readonly components?: readonly Component[];
}

export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  /** The options of a subcommand. */
  readonly options?: readonly CommandOption[];
}

export interface RegisteredCommand {
  readonly name: string;
  readonly description: string;
  readonly options?: readonly CommandOption[];
}

export type PageModal = Omit<ModalView, 'components'> & { readonly components: readonly Component[] };
