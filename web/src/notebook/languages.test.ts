import { describe, expect, it } from 'vitest';
import { choicesOf } from './languages.ts';

describe('choicesOf', () => {
  it('offers what runs', () => {
    expect(choicesOf('JAVA')).toEqual(['JAVA', 'SQL']);
    expect(choicesOf('MARKDOWN', ['MARKDOWN'])).toEqual(['JAVA', 'SQL', 'MARKDOWN']);
  });

  it('keeps the language of an imported notebook', () => {
    expect(choicesOf('PYTHON')).toEqual(['JAVA', 'SQL', 'PYTHON']);
  });
});
