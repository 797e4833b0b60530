import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FixMode, Slug } from '../../../src/domain/repository/repository.ts';
import { changeRepository } from '../../../src/publisher/operations/change-repository.ts';
import type { OperationsDeps } from '../../../src/publisher/operations/deps.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../store/test-store.ts';

const slug = 'studio/one' as Slug;
const by = 'discord:7';
let folder: string;
let store: Store;
let deps: OperationsDeps;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  store = await openTestStore(folder);
  await store.repositories.addUnknown([{ slug, status: 'active' }]);
  const { repositories, register } = store;
  deps = { pipeline: { repositories }, register, scopes: ['com.studio'] } as unknown as OperationsDeps;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('the setting whether a repository is repaired while packing', () => {
  it('is off until somebody changes it, which is audited in words', async () => {
    expect(await store.repositories.findBySlug(slug)).toMatchObject({ fixes: 'off' });
    const changes = ['fixes: off → staging'];
    expect(await changeRepository(deps, slug, { fixes: 'staging' }, by)).toMatchObject({
      kind: 'changed',
      changes,
      repository: { fixes: 'staging' },
    });
    expect((await store.audit.list(1))[0]).toMatchObject({
      action: 'repository-changed',
      actor: by,
      subject: slug,
      facts: { changes },
    });
    expect(await changeRepository(deps, slug, { fixes: 'staging' }, by)).toMatchObject({ changes: [] });
  });

  it('can be nothing but off or staging', async () => {
    expect(await changeRepository(deps, slug, { fixes: 'on' as FixMode }, by)).toMatchObject({
      kind: 'refused',
      failure: { reason: 'setting-invalid', title: expect.stringContaining('neither off nor staging') },
    });
    expect(await store.repositories.findBySlug(slug)).toMatchObject({ fixes: 'off' });
  });

  it('may come from the file of repositories, and is off again for a repository that was removed', async () => {
    const two = 'studio/two' as Slug;
    await store.repositories.addUnknown([{ slug: two, status: 'active', fixes: 'staging' }]);
    const found = await store.repositories.findBySlug(two);
    expect(found).toMatchObject({ fixes: 'staging' });
    if (found !== undefined) await store.register.remove(found.id, by);
    expect(await store.register.add(two, by)).toMatchObject({ fixes: 'off' });
  });
});
