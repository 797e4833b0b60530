/** Whether Unity ignores the path: a part starts with a dot, ends with `~` or is `cvs`, or the file is temporary. */
export function isHidden(path: string): boolean {
  if (path.endsWith('.tmp')) return true;
  return path.split('/').some(isHiddenPart);
}

function isHiddenPart(part: string): boolean {
  return part.startsWith('.') || part.endsWith('~') || part.toLowerCase() === 'cvs';
}

export function isMeta(path: string): boolean {
  return path.endsWith('.meta');
}

/** The asset of a .meta file. */
export function assetOf(metaPath: string): string {
  return metaPath.slice(0, -'.meta'.length);
}

/** Returns the extension in lower case with its dot; '' when there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}

/** Returns every folder above these files, at any depth. */
export function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

const rootTexts =
  /^(?:licen[cs]e|readme|changelog|package\.json|third[ _-]?party[ _-]?notices|contributing|contributors|code[ _-]of[ _-]conduct|security|authors|maintainers|codeowners|copying|copyright|notice|patents|credits|acknowledge?ments|support|governance|history|releases?|upgrad(?:e|ing)|migrat(?:ion|ing)|install|todo|roadmap)[^/]*$/i;
const prose = /\.(?:md|markdown|mdown|rst|adoc)$/i;

/** Whether the path is a file at the root that people read and Unity does not need. */
export function isRootText(path: string): boolean {
  if (path.includes('/') || isCode(path)) return false;
  return rootTexts.test(path) || prose.test(path) || /\.txt$/i.test(path);
}

/** Whether the file is for people to read, wherever it is: if Unity does not import it, nothing breaks. */
export function isForPeople(path: string): boolean {
  return isRootText(path) || prose.test(path) || /^(?:docs?|documentation)\//i.test(path);
}

/** Extensions that Unity compiles or loads: without such a file the package is broken. */
const code = new Set(
  (
    '.cs .asmdef .asmref .rsp .dll .so .a .lib .dylib .bundle .framework .xcframework .aar .jar .androidlib .plugin ' +
    '.c .cc .cpp .h .m .mm .swift .java .kt .jslib .jspre'
  ).split(' '),
);

export function isCode(path: string): boolean {
  return code.has(extensionOf(path));
}
