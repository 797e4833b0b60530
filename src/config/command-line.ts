/**
 * A command as it would be typed, as arguments: parted by blanks, '…' as it is, "…" and bare words with \ before what
 * is meant literally. No variables, no patterns, no operators: there is no shell. Undefined when a quote is not closed.
 */
export function parseCommandLine(text: string): readonly string[] | undefined {
  const word = /(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/gs;
  const rest = text.replace(word, '');
  // What is left of a quote or a backslash that has no partner.
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
