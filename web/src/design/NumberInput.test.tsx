import { act, createElement, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NumberInput } from './NumberInput.tsx';

describe('NumberInput', () => {
  let root: Root;
  let box: HTMLElement;
  let taken: number[];

  function Form() {
    const [value, setValue] = useState(1);
    const change = (next: number): void => {
      taken.push(next);
      setValue(next);
    };
    return createElement(NumberInput, { label: 'Workers', value, min: 2, max: 50, onChange: change });
  }

  beforeEach(async () => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    taken = [];
    box = document.body.appendChild(document.createElement('div'));
    root = createRoot(box);
    await act(async () => root.render(createElement(Form)));
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    box.remove();
  });

  const field = (): HTMLInputElement => box.querySelector('input') as HTMLInputElement;
  // As the browser does it: React has its own setter on the element.
  const type = (text: string): Promise<void> =>
    act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field(), text);
      field().dispatchEvent(new Event('input', { bubbles: true }));
    });
  const leave = (): Promise<void> =>
    act(async () => void field().dispatchEvent(new FocusEvent('focusout', { bubbles: true })));

  it('stays empty between two numbers, so that 5 is 5', async () => {
    await type('');
    expect(field().value).toBe('');
    await type('5');
    expect(field().value).toBe('5');
    expect(taken).toEqual([5]);
  });

  it('takes over only numbers that may be, and shows what holds once it is left', async () => {
    for (const text of ['4', '1', '51', '2.5', '']) {
      await type(text);
      expect(field().value).toBe(text);
    }
    expect(taken).toEqual([4]);

    await leave();
    expect(field().value).toBe('4');
  });
});
