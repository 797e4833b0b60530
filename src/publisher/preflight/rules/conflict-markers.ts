import { extensionOf } from '../contents/asset-paths.ts';
import type { FileRule, Observation } from './rule.ts';

/** Extensions of texts that Unity compiles or reads: a conflict marker inside breaks them. */
const code = new Set(
  (
    '.cs .asmdef .asmref .rsp .json .meta .unity .prefab .asset .mat .anim .controller .overridecontroller .shader ' +
    '.cginc .hlsl .compute .shadergraph .shadersubgraph .uxml .uss .inputactions .xml .yaml .yml .js .jslib .h .c ' +
    '.cpp .m .mm .java .kt .gradle .preset .playable .spriteatlas'
  ).split(' '),
);
/** Extensions of prose, which may explain what conflict markers are. */
const prose = new Set(['.md', '.txt', '.rst', '']);

const opening = Buffer.from('<<<<<<< ');
const closing = Buffer.from('>>>>>>> ');
const lineFeed = 0x0a;

export const conflictMarkers: FileRule = {
  id: 'text.conflict-marker',
  severity: 'block',
  exception: 'a warning in prose',
  finds: 'a line that starts with `<<<<<<< ` or `>>>>>>> `',
  why: 'A merge was not finished; the file does not compile for anybody',
  unityCheck: 'PVP-39-1',
  wants: ({ path, bytes }) => {
    const extension = extensionOf(path);
    return bytes >= opening.length && (code.has(extension) || prose.has(extension));
  },
  checkFile: ({ path, content }): readonly Observation[] => {
    const at = [findLineStart(content, opening), findLineStart(content, closing)].filter(
      (place) => place >= 0,
    );
    if (at.length === 0) return [];
    const line = countLines(content, Math.min(...at));
    const message = `${path}:${line} has the marker of an unfinished merge; finish the merge and commit the file`;
    return [{ severity: code.has(extensionOf(path)) ? 'block' : 'warn', file: path, line, message }];
  },
};

function findLineStart(content: Buffer, marker: Buffer): number {
  for (let at = content.indexOf(marker); at >= 0; at = content.indexOf(marker, at + marker.length)) {
    if (at === 0 || content[at - 1] === lineFeed) return at;
  }
  return -1;
}

function countLines(content: Buffer, end: number): number {
  let line = 1;
  for (let at = content.indexOf(lineFeed); at >= 0 && at < end; at = content.indexOf(lineFeed, at + 1))
    line++;
  return line;
}
