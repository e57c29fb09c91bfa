import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  fileHref,
  loadEntries,
  loadVolumes,
  makeFolder,
  pageAt,
  pageOf,
  pathOf,
  remove,
  upload,
} from './volumes.ts';

describe('the addresses of volumes', () => {
  it('encode every name and keep the slashes between them', () => {
    expect(pathOf('data', '')).toBe('/Volumes/main/default/data');
    expect(fileHref(pathOf('data', 'a b/100%?.csv'))).toBe(
      '/api/2.0/fs/files/Volumes/main/default/data/a%20b/100%25%3F.csv',
    );
    expect(pageOf('data', 'a b/c')).toBe('/explore/data/main/default/volumes/data?path=a%20b%2Fc');
  });

  it('follow from the path of what was listed', () => {
    expect(pageAt('/Volumes/main/default/data/a b/c')).toBe(pageOf('data', 'a b/c'));
    expect(pageAt('/Volumes/main/default/data')).toBe(pageOf('data'));
  });
});

describe('what is in a volume', () => {
  afterEach(() => vi.unstubAllGlobals());
  const answers = (...pages: object[]): string[] => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return new Response(JSON.stringify(pages[asked.length - 1] ?? pages.at(-1)));
    });
    return asked;
  };
  const entry = (name: string, is_directory = false) => ({
    path: `/Volumes/main/default/data/${name}`,
    name,
    is_directory,
    last_modified: 0,
  });

  it('is read page by page, folders first, names as people count', async () => {
    const asked = answers(
      { contents: [entry('part-10'), entry('part-9')], next_page_token: 'x' },
      { contents: [entry('old', true)] },
    );

    const { entries, cut } = await loadEntries('/Volumes/main/default/data');

    expect(entries.map((e) => e.name)).toEqual(['old', 'part-9', 'part-10']);
    expect(cut).toBe(false);
    expect(asked[1]).toContain('page_token=x');
  });

  it('leaves out what is elsewhere', async () => {
    answers({ contents: [entry('a'), entry('..'), entry('./b'), entry('..c'), entry('../data2/d')] });

    const { entries } = await loadEntries('/Volumes/main/default/data');
    expect(entries.map((e) => e.name)).toEqual(['..c', 'a']);
    expect((await loadEntries('/Volumes/main/default/dat')).entries).toEqual([]);
  });

  it.each([
    pathOf('data', '../../../../../../campanile/v1/me'),
    pathOf('../../../../../../2.0/token', 'list'),
    pathOf('data', 'a/./b'),
    pathOf('..', ''),
  ])('is never asked for as %s, which the browser would make another route of', async (path) => {
    const asked = answers({});
    const refused = { status: 400, code: 'INVALID_PARAMETER_VALUE' };

    await expect(loadEntries(path)).rejects.toMatchObject(refused);
    await expect(makeFolder(path)).rejects.toMatchObject(refused);
    await expect(upload(path, new Blob(['x']), true)).rejects.toMatchObject(refused);
    await expect(remove({ ...entry('a'), path })).rejects.toMatchObject(refused);
    expect(() => fileHref(path)).toThrow();
    expect(asked).toEqual([]);
  });

  it('ends somewhere, and says that there is more', async () => {
    const asked = answers({ contents: [entry('a')], next_page_token: 'again' });

    expect((await loadEntries('/Volumes/main/default/data')).cut).toBe(true);
    expect(asked).toHaveLength(5);
  });

  it('may be nothing at all', async () => {
    answers({});
    expect(await loadEntries('/Volumes/main/default/data')).toEqual({ entries: [], cut: false });
    answers({});
    expect(await loadVolumes()).toEqual([]);
  });

  it('is replaced only when that was asked for', async () => {
    const asked = answers({});
    await upload('/Volumes/main/default/data/a', new Blob(['x']), false);
    await upload('/Volumes/main/default/data/a', new Blob(['x']), true);
    expect(asked.map((address) => address.split('?')[1])).toEqual(['overwrite=false', 'overwrite=true']);
  });
});
