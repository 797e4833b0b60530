/**
 * A command as it would be typed, as arguments: parted by blanks, '…' as it is, "…" and bare words with \ before what
 * is meant literally. No variables, no patterns, no operators: there is no shell. Undefined when a quote is not closed.
 */
export function parseCommandLine(text: string): readonly string[] | undefined {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;
  let word: string | undefined;
  while (piece.lastIndex < text.length) {
    const found = piece.exec(text);
    if (found === null) return undefined;
    const [whole, single, double, escaped, bare] = found;
    const added = single ?? double?.replace(/\\(.)/gs, '$1') ?? escaped ?? bare;
    if (added !== undefined) word = (word ?? '') + added;
    else if (whole !== '' && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
