import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/domain/package/manifest.ts';
import { findJsonError } from '../../../src/domain/text/json-error.ts';

const parse = (text: string) => parseManifest(Buffer.from(text), 'Packages/core/package.json');
const good = '{"name":"com.studio.core","version":"1.0.0"';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('parseManifest', () => {
  it('names line and column of a missing comma', () => {
    const parsed = parse('{\n  "name": "com.studio.core"\n  "version": "1.0.0"\n}');
    expect(parsed).toMatchObject({
      kind: 'broken',
      failure: {
        reason: 'manifest-invalid',
        facts: { line: 3, column: 3, problem: expect.stringContaining('comma') },
      },
    });
  });

  it.each([
    ['{\n  "name": nope\n}', 2, 11, 'unexpected "n"'],
    ['{\n  "name": \'x\'\n}', 2, 11, 'unexpected'],
    ['{\n  // why\n  "name": "x"\n}', 2, 3, 'unexpected "/"'],
    ['{\n  "name": "x",\n}', 3, 1, 'a comma too many'],
    ['{"a": [1, 2,]}', 1, 13, 'a comma too many'],
    ['{\n"a": "x\n}', 2, 8, String.raw`unexpected "\n"`],
    ['{\n"a": "\\d"\n}', 2, 7, String.raw`unexpected "\\"`],
    ['{"a": 1}\n}', 2, 1, 'unexpected "}"'],
    ['\0\0', 1, 1, 'unexpected'],
    ['{"a": 1\n', 2, 1, 'cut off'],
  ])('names the place of the mistake in %j', (text, line, column, problem) => {
    expect(parse(text)).toMatchObject({
      failure: { facts: { line, column, problem: expect.stringContaining(problem) } },
    });
  });

  it('finds a mistake in exactly what JSON.parse refuses', () => {
    const text = JSON.stringify({ name: 'com.a.b', list: [1, -2.5e3, true, null, {}, []], x: 'é\\"' });
    const marks = fc.constantFrom(
      '"',
      '\\',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '1',
      '-',
      '.',
      'e',
      ' ',
      '\n',
      '\0',
    );
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(4), fc.array(marks, { maxLength: 3 }), (at, cut, added) => {
        const broken = text.slice(0, at) + added.join('') + text.slice(at + cut);
        expect(findJsonError(broken) === undefined).toBe(isJson(broken));
      }),
    );
  });

  it('says that a file was cut off', () => {
    expect(parse('{"name": "com.studio')).toMatchObject({ kind: 'broken' });
    expect(parse('')).toMatchObject({
      kind: 'broken',
      failure: { facts: { problem: expect.stringContaining('cut off') } },
    });
  });

  it('accepts a byte order mark and CRLF', () => {
    const parsed = parse(`\uFEFF{\r\n"name":"com.studio.core",\r\n"version":"1.0.0"}`);
    expect(parsed).toMatchObject({ kind: 'unity', manifest: { name: 'com.studio.core', version: '1.0.0' } });
  });

  it.each([
    '"files":true',
    '"files":{}',
    '"files":[null]',
    '"main":{}',
    '"dependencies":[]',
    '"dependencies":{"a":1}',
    '"bin":7',
  ])('refuses the field %s, which would crash a packer', (field) => {
    expect(parse(`${good},${field}}`)).toMatchObject({
      kind: 'broken',
      failure: { reason: 'manifest-invalid' },
    });
  });

  it('drops what would change the registry, the tag or the machine', () => {
    const parsed = parse(
      `${good},"scripts":{"prepack":"x"},"publishConfig":{"registry":"https://evil.example"},"tag":"latest","_id":"x","bundleDependencies":["a"],"unity":"2022.3","__proto__":{"a":1}}`,
    );
    expect(parsed.kind === 'unity' && Object.keys(parsed.manifest.fields).sort()).toEqual([
      'name',
      'unity',
      'version',
    ]);
  });

  it.each([
    ['{"private":true}', 'other'],
    ['{"name":"tool","version":"1.0.0"}', 'other'],
    ['{"name":"@scope/a.b","version":"1.0.0"}', 'other'],
    ['{"name":"com.studio.core"}', 'other'],
    ['[]', 'broken'],
    ['null', 'broken'],
  ])('judges %s as %s', (text, kind) => {
    expect(parse(text).kind).toBe(kind);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseManifest(bytes, 'package.json')),
    );
    fc.assert(fc.property(fc.json(), (text) => void parse(text)));
    expect(parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`).kind).toBe('broken');
    expect(parse(`${good},"a":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`).kind).toBe('broken');
  });
});
