import type { FormProblem } from './api-error.ts';
import { isObject, type JsonObject, objectsOf, textOf } from './json.ts';
import type { UploadedFile } from './message-write.ts';
import type { StoredFile } from './state.ts';

const scheme = 'attachment://';
const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Returns the file that an embed shows (`attachment://name`); undefined when it shows none. */
function nameOfPicture(embed: JsonObject): string | undefined {
  const { image } = embed;
  const url = isObject(image) ? textOf(image['url']) : '';
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}

/**
 * Checks that an embed shows only a picture of this request or (in an edit) of an earlier one, and that the file is a
 * picture.
 */
export function checkPictures(
  body: JsonObject,
  files: readonly UploadedFile[],
  before: readonly StoredFile[] = [],
): FormProblem[] {
  return objectsOf(body['embeds']).flatMap((embed, index) => {
    const name = nameOfPicture(embed);
    if (name === undefined) return [];
    const file = [...files, ...before].find(({ filename }) => filename === name);
    const problem = findProblem(name, file?.bytes);
    if (problem === undefined) return [];
    return [{ path: ['embeds', index, 'image', 'url'], ...problem }];
  });
}

function findProblem(name: string, bytes: Buffer | undefined): Omit<FormProblem, 'path'> | undefined {
  if (bytes === undefined) return { code: 'ATTACHMENT_NOT_FOUND', message: 'Attachment data not found' };
  const isPicture = /\.(?:jpe?g|png|webp|gif)$/i.test(name);
  const isSound = !/\.png$/i.test(name) || bytes.subarray(0, pngStart.length).equals(pngStart);
  if (isPicture && isSound) return undefined;
  return { code: 'EMBED_IMAGE_UNSUPPORTED', message: 'Only pictures can be shown in an embed' };
}

/** Returns embeds with the addresses of their pictures, and files with a mark on those that an embed shows. */
export function placePictures(
  embeds: readonly JsonObject[],
  files: readonly StoredFile[],
  addressOf: (file: StoredFile) => string,
): { readonly embeds: readonly JsonObject[]; readonly files: readonly StoredFile[] } {
  const shown = new Set<StoredFile>();
  const placed = embeds.map((embed) => {
    const file = files.find(({ filename }) => filename === nameOfPicture(embed));
    if (file === undefined) return embed;
    shown.add(file);
    const url = addressOf(file);
    const described = file.description === undefined ? {} : { description: file.description };
    return { ...embed, image: { url, proxy_url: url, ...sizeOf(file.bytes), ...described } };
  });
  return {
    embeds: placed,
    files: files.map((file) => (shown.has(file) ? { ...file, inEmbed: true } : file)),
  };
}

/** Reads the size from the header of a PNG. */
function sizeOf(bytes: Buffer): { readonly width: number; readonly height: number } {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
