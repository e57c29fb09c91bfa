import { Observable } from '../api/observable.ts';

export interface Choices {
  theme: 'light' | 'dark' | 'system';
  density: 'compact' | 'comfortable';
  rail: 'open' | 'closed';
  singleKeys: boolean;
}

const KEY = 'campanile.preferences';
const DEFAULTS: Choices = {
  theme: 'system',
  density: 'compact',
  rail: 'open',
  singleKeys: true,
};

/** Choices of this browser; nothing of the work lives here. */
class Preferences extends Observable {
  choices: Choices = { ...DEFAULTS, ...stored() };

  set(change: Partial<Choices>): void {
    this.choices = { ...this.choices, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.choices));
    } catch (error) {
      console.warn('Preferences cannot be stored', error);
    }
    this.show();
    this.changed();
  }

  show(): void {
    const root = document.documentElement;
    const { theme, density } = this.choices;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    root.dataset['density'] = density;
  }
}

function stored(): Partial<Choices> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Choices>;
  } catch {
    return {};
  }
}

export const preferences = new Preferences();
