import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { invalidJson } from '../api-error.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { UploadedFile } from '../message-write.ts';

/** One request to the API. `path` has neither `/api/v10` nor the query. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON (of a multipart request its `payload_json`); undefined when there is none. */
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  readonly authorization: string | undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function bodyOf(request: RestRequest): JsonObject {
  return isObject(request.body) ? request.body : {};
}

/** Reads a whole request. Throws an ApiError when its body is not JSON. */
export async function readRequest(incoming: IncomingMessage, url: URL): Promise<RestRequest> {
  const bytes = await buffer(incoming);
  const type = incoming.headers['content-type'] ?? '';
  const parsed = type.startsWith('multipart/form-data')
    ? await readForm(bytes, type)
    : { body: parse(bytes), files: [] };
  return {
    method: incoming.method ?? 'GET',
    path: decoded(url.pathname.replace(/^\/api(\/v\d+)?/, '')),
    query: url.searchParams,
    authorization: incoming.headers.authorization,
    ...parsed,
  };
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw invalidJson();
  }
}

async function readForm(bytes: Buffer, type: string): Promise<Pick<RestRequest, 'body' | 'files'>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const files: UploadedFile[] = [];
  for (const [name, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (index === undefined || typeof value === 'string') continue;
    const content = Buffer.from(await value.arrayBuffer());
    files.push({
      index,
      filename: value.name,
      contentType: value.type || 'application/octet-stream',
      bytes: content,
    });
  }
  const payload = form.get('payload_json');
  return { body: typeof payload === 'string' ? parse(Buffer.from(payload)) : undefined, files };
}

/** Decodes a path: libraries write `@original` as `%40original`. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
