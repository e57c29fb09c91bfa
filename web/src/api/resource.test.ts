import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetAll, invalidate, useResource } from './resource.ts';

/** A load that was begun: the test answers it. */
interface Asked {
  answer: (value: string) => void;
  fail: (error: Error) => void;
}

describe('useResource', () => {
  let root: Root;
  let box: HTMLElement;
  let asked: Asked[];
  let reload: () => Promise<void>;

  function Page() {
    const found = useResource(
      'thing/1',
      () => new Promise<string>((answer, fail) => asked.push({ answer, fail })),
    );
    reload = found.reload;
    return found.state.kind === 'ready' ? found.state.value : found.state.kind;
  }

  beforeEach(async () => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    asked = [];
    box = document.createElement('div');
    root = createRoot(box);
    await act(async () => root.render(createElement(Page)));
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    forgetAll();
  });

  const answer = (load: number, value: string): Promise<void> => act(async () => asked[load]?.answer(value));

  it('asks again after a change that the load under way may not have seen', async () => {
    let done = false;
    const changed = reload().then(() => {
      done = true;
    });
    expect(asked).toHaveLength(1);
    await answer(0, 'before');
    expect(asked).toHaveLength(2);
    expect(done).toBe(false);

    await answer(1, 'after');
    await changed;
    expect(box.textContent).toBe('after');
  });

  it('asks again also when the load under way fails', async () => {
    const changed = reload();
    await act(async () => asked[0]?.fail(new Error('away')));
    await answer(1, 'after');
    await changed;
    expect(box.textContent).toBe('after');
  });

  it('asks once for all changes during a load, and at once when nothing is under way', async () => {
    void reload();
    invalidate('thing');
    await answer(0, 'before');
    await answer(1, 'after');
    expect(asked).toHaveLength(2);

    invalidate('thing');
    expect(asked).toHaveLength(3);
    invalidate('thing');
    await answer(2, 'later');
    await answer(3, 'last');
    expect(box.textContent).toBe('last');
    expect(asked).toHaveLength(4);
  });
});
