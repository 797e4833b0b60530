import type { ModalView } from '../modal.ts';

// Members as Discord's documentation names them: they were checked against its schema when they came in, and go to
// the page as they are.

export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly default?: boolean;
}

/** Of a message or a modal; which members are there depends on the type. */
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
  /** Of a label. */
  readonly component?: Component;
  /** Of a row. */
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
  /** Of a subcommand. */
  readonly options?: readonly CommandOption[];
}

export interface RegisteredCommand {
  readonly name: string;
  readonly description: string;
  readonly options?: readonly CommandOption[];
}

export type PageModal = Omit<ModalView, 'components'> & { readonly components: readonly Component[] };
