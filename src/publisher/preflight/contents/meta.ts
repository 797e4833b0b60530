/** What the head of a Unity .meta file says. */
export interface Meta {
  /** Undefined when the file has no GUID that Unity accepts. */
  readonly guid: string | undefined;
  readonly problem: 'byte-order-mark' | 'not-a-meta' | 'no-guid' | undefined;
  /** `PluginImporter`, `TextureImporter` …; undefined when the head does not name one. */
  readonly importer: string | undefined;
}

/** How much of a .meta is read: the GUID is in its second line, and what follows may be a megabyte of sprites. */
const headBytes = 4096;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);

export function readMeta(bytes: Uint8Array): Meta {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headBytes));
  const hasBom = head.subarray(0, bom.length).equals(bom);
  const text = head.toString('latin1', hasBom ? bom.length : 0);
  const guid = /^guid: ?([0-9a-f]{32})[ \t]*\r?$/m.exec(text)?.[1];
  const importer = /^([A-Z][A-Za-z0-9]{0,60}Importer):/m.exec(text)?.[1];
  const isMeta = text.startsWith('fileFormatVersion:');
  if (!isMeta) return { guid, problem: 'not-a-meta', importer };
  if (guid === undefined) return { guid, problem: 'no-guid', importer };
  return { guid, problem: hasBom ? 'byte-order-mark' : undefined, importer };
}
