import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** A text on which a pattern may be slow, as a function of its length. */
export interface Attack {
  readonly name: string;
  readonly build: (chars: number) => string;
}

const parser = new RegExpParser();
/** Characters that are tried for a character class. */
const alphabet = 'a1A ."\'`/-_:#@=<([{\n\t,;!*+^~\\|'.split('');
/** Endings that few patterns match, so that a search that went well so far fails at the end. */
const endings = ['\u0001', 'Z)'];

/**
 * Lists texts that repeat pieces of the pattern itself, for every way in which a backtracking search can begin again
 * and again.
 */
export function listAttacks(pattern: RegExp): readonly Attack[] {
  const parsed = parser.parsePattern(pattern.source, 0, undefined, {
    unicode: pattern.flags.includes('u'),
    unicodeSets: pattern.flags.includes('v'),
  });
  const pumps = listAlternatives(parsed.alternatives).flatMap(listPumps);
  return pumps.flatMap(({ before, pump }) =>
    endings.map((ending) => ({
      name: JSON.stringify([before, pump, ending]),
      build: (chars: number) => before + pump.repeat(Math.ceil(chars / pump.length)) + ending,
    })),
  );
}

interface Pump {
  readonly before: string;
  readonly pump: string;
}

/** Lists each element repeated, alone and behind those before it, and all elements up to it repeated. */
function listPumps({ elements }: AST.Alternative): readonly Pump[] {
  const pieces = elements.map(sample).filter((piece) => piece !== '');
  const pumps = pieces.flatMap((piece, index) => {
    const before = pieces.slice(0, index).join('');
    const joined = ['', ' ', '-'].map((joint) => ({ before: '', pump: before + piece + joint }));
    return [{ before: '', pump: piece }, { before, pump: piece }, ...joined];
  });
  return [...new Map(pumps.map((pump) => [`${pump.before}\0${pump.pump}`, pump])).values()];
}

function listAlternatives(alternatives: readonly AST.Alternative[]): readonly AST.Alternative[] {
  return alternatives.flatMap((alternative) => [
    alternative,
    ...alternative.elements.flatMap((element) => listAlternatives(alternativesIn(element))),
  ]);
}

function alternativesIn(element: AST.Element): readonly AST.Alternative[] {
  if (element.type === 'Quantifier') return alternativesIn(element.element);
  return 'alternatives' in element ? (element.alternatives as readonly AST.Alternative[]) : [];
}

/** Returns one of the shortest texts that it matches, with at least one of each optional part. */
function sample(element: AST.Element): string {
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value);
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass':
      return sampleOfClass(element.raw);
    case 'Quantifier':
      return sample(element.element).repeat(Math.max(element.min, 1));
    case 'Group':
    case 'CapturingGroup':
      return sampleOfGroup(element);
    default:
      return '';
  }
}

function sampleOfClass(raw: string): string {
  const one = new RegExp(`^${raw}$`, raw.includes('--') ? 'v' : raw.includes('\\p') ? 'u' : '');
  return alphabet.find((char) => one.test(char)) ?? '';
}

function sampleOfGroup({ alternatives: [first] }: AST.Group | AST.CapturingGroup): string {
  return first === undefined ? '' : first.elements.map(sample).join('');
}

/** Returns what a search over the text takes, in ms: the quickest of some tries. */
export function timeSearch(pattern: RegExp, text: string, tries: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let left = tries; left > 0; left--) {
    const started = performance.now();
    if (pattern.global) text.replace(pattern, '');
    else {
      pattern.lastIndex = 0;
      pattern.exec(text);
    }
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
