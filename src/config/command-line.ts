/**
 * Splits a command line into arguments at blanks: '…' is literal, "…" and bare words use \ before a literal character.
 * No variables, patterns or operators, since no shell is involved. Returns undefined when a quote is not closed.
 */
export function parseCommandLine(text: string): readonly string[] | undefined {
  const word = /(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/gs;
  const rest = text.replace(word, '');
  // What remains is an unpaired quote or backslash.
  if (/\S/.test(rest)) return undefined;
  return (text.match(word) ?? []).map(unquote);
}

function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_whole, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(.)/gs, '$1') ?? escaped ?? '',
  );
}
