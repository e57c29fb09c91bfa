import { describe, expect, it } from 'vitest';
import { detailsOf, dotOf, kindWords, mavenFrom, nameOf, wordsIn } from './libraries.ts';

describe('a library', () => {
  it('is named by its path or by its coordinates', () => {
    expect(nameOf({ jar: '/Volumes/main/default/jars/a.jar' })).toBe('/Volumes/main/default/jars/a.jar');
    expect(nameOf({ maven: { coordinates: 'a:b:1' } })).toBe('a:b:1');
    expect(nameOf({ pypi: { package: 'simplejson' } })).toBe('simplejson');
    expect(kindWords({ maven: { coordinates: 'a:b:1' } })).toBe('Maven');
    expect(kindWords({ pypi: { package: 'simplejson' } })).toBe('PyPI');
  });

  it('says what it was asked for with', () => {
    expect(detailsOf({ jar: 'dbfs:/a.jar' })).toBe('');
    expect(detailsOf(mavenFrom(' a:b:1 ', 'https://example.com ', 'c:*, d:e'))).toBe(
      'without c:*, d:e, from https://example.com',
    );
  });

  it('is sent without what was left empty', () => {
    expect(mavenFrom('a:b:1', ' ', ' ')).toEqual({ maven: { coordinates: 'a:b:1' } });
    expect(wordsIn(' a:b,\n c:* ')).toEqual(['a:b', 'c:*']);
  });

  it('has the colour of what it is like', () => {
    expect(
      ['PENDING', 'RESOLVING', 'INSTALLED', 'FAILED', 'UNINSTALL_ON_RESTART', 'SKIPPED'].map(dotOf),
    ).toEqual(['off', 'starting', 'running', 'error', 'stopping', 'off']);
  });
});
