import type { FormProblem } from './api-error.ts';
import { isObject, type JsonObject, objectsOf, textOf } from './json.ts';

const TEXT_DISPLAY = 10;
const LABEL = 18;
const SELECT = 3;
const TEXT_INPUT = 4;
const MAX_COMPONENTS = 5;

/** A modal that a bot answered with; it lives as long as the interaction that it answers. */
export interface ModalView {
  /** Id of the interaction that opened the modal. */
  readonly interactionId: string;
  readonly customId: string;
  readonly title: string;
  /** Components as the bot sent them: labels, action rows, text. */
  readonly components: readonly JsonObject[];
}

/** What a person filled in, by custom id: text, or the values of a select menu. */
export type ModalAnswers = Readonly<Record<string, string | readonly string[]>>;

export function viewModal(interactionId: string, data: JsonObject): ModalView {
  return {
    interactionId,
    customId: textOf(data['custom_id']),
    title: textOf(data['title']),
    components: objectsOf(data['components']),
  };
}

/** Checks the limits of a modal that Discord's published schema does not state. */
export function checkModalLimits(data: JsonObject): FormProblem[] {
  const rows = objectsOf(data['components']);
  const path = ['data', 'components'];
  const seen = new Set<unknown>();
  const problems = rows.flatMap((row, index) =>
    fieldsOf(row).flatMap((field) => checkField(row, field, seen, [...path, index])),
  );
  if (rows.length <= MAX_COMPONENTS) return problems;
  const message = `Must be between 1 and ${MAX_COMPONENTS} in length.`;
  return [...problems, { path, code: 'BASE_TYPE_BAD_LENGTH', message }];
}

function checkField(
  row: JsonObject,
  field: JsonObject,
  seen: Set<unknown>,
  path: FormProblem['path'],
): FormProblem[] {
  const problems: FormProblem[] = [];
  const isLabelled = row['type'] === LABEL || textOf(field['label']).trim() !== '';
  if (!isLabelled) {
    problems.push({ path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' });
  }
  if (field['type'] !== SELECT && field['type'] !== TEXT_INPUT) {
    const message = 'Only text inputs and string selects can be filled in here';
    problems.push({ path, code: 'UNION_TYPE_CHOICES', message });
  }
  if (seen.has(field['custom_id'])) {
    const message = 'Component custom id cannot be duplicated';
    problems.push({ path, code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message });
  }
  seen.add(field['custom_id']);
  return problems;
}

/**
 * Shapes the data of a MODAL_SUBMIT. Throws when an answer has no field, or when a field does not accept its answer.
 */
export function shapeModalSubmit(modal: ModalView, answers: ModalAnswers): JsonObject {
  const fields = modal.components.flatMap(fieldsOf);
  for (const name of Object.keys(answers)) {
    if (!fields.some((field) => field['custom_id'] === name))
      throw new Error(`The modal has no field ${name}`);
  }
  let last = 0;
  const fill = (component: JsonObject): JsonObject => {
    last += 1;
    const { type } = component;
    const own = { type, id: last };
    if (type === TEXT_DISPLAY) return own;
    if (isObject(component['component'])) return { ...own, component: fill(component['component']) };
    if (component['components'] !== undefined)
      return { ...own, components: objectsOf(component['components']).map(fill) };
    return { ...own, ...answerField(component, answers[textOf(component['custom_id'])]) };
  };
  return { custom_id: modal.customId, components: modal.components.map(fill) };
}

function fieldsOf(row: JsonObject): readonly JsonObject[] {
  return isObject(row['component']) ? [row['component']] : objectsOf(row['components']);
}

function answerField(field: JsonObject, answer: string | readonly string[] | undefined): JsonObject {
  const customId = textOf(field['custom_id']);
  const isSelect = field['type'] === SELECT;
  const given = answer ?? (isSelect ? [] : textOf(field['value']));
  if (isSelect === (typeof given === 'string')) throw new Error(`${customId} does not take such an answer`);
  const why = typeof given === 'string' ? whyNotText(field, given) : whyNotValues(field, given);
  if (why !== undefined) throw new Error(`${customId}: ${why}`);
  return { custom_id: customId, ...(typeof given === 'string' ? { value: given } : { values: given }) };
}

/** Returns why Discord's client would not send this text; undefined when it would. */
function whyNotText(field: JsonObject, text: string): string | undefined {
  const isRequired = field['required'] !== false;
  if (text === '') return isRequired ? 'it is required' : undefined;
  if (text.length < Number(field['min_length'] ?? 0)) return 'it is too short';
  return text.length > Number(field['max_length'] ?? 4000) ? 'it is too long' : undefined;
}

function whyNotValues(field: JsonObject, values: readonly string[]): string | undefined {
  const isRequired = field['required'] !== false;
  if (values.length === 0) return isRequired ? 'it is required' : undefined;
  const known = new Set(objectsOf(field['options']).map((option) => option['value']));
  if (values.some((value) => !known.has(value))) return 'there is no such option';
  if (values.length < Number(field['min_values'] ?? 1)) return 'too few are chosen';
  return values.length > Number(field['max_values'] ?? 1) ? 'too many are chosen' : undefined;
}
