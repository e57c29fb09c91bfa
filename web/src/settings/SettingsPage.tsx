import { useChanges } from '../api/observable.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { preferences } from '../app/preferences.ts';
import { useLocation } from '../app/router.ts';
import { ShortcutTable } from '../notebook/toolbar/Shortcuts.tsx';
import { Account } from './Account.tsx';
import { Secrets } from './Secrets.tsx';
import { Tokens } from './Tokens.tsx';
import '../notebook/notebook.css';
import './settings.css';

const PARTS = [
  { path: '/settings/user', name: 'Account' },
  { path: '/settings/appearance', name: 'Appearance' },
  { path: '/settings/tokens', name: 'Access tokens' },
  { path: '/settings/secrets', name: 'Secrets' },
  { path: '/settings/keyboard', name: 'Keyboard' },
];

export function SettingsPage() {
  const { path } = useLocation();
  const part = PARTS.find((p) => p.path === path) ?? PARTS[0]!;
  useTitle(part.name);
  return (
    <main className="page settings" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Settings</h1>
      </div>
      <nav className="tabs" aria-label="Settings">
        {PARTS.map((p) => (
          <Link key={p.path} href={p.path} aria-current={p === part ? 'page' : undefined}>
            {p.name}
          </Link>
        ))}
      </nav>
      {part.path.endsWith('user') ? (
        <Account />
      ) : part.path.endsWith('secrets') ? (
        <Secrets />
      ) : part.path.endsWith('tokens') ? (
        <Tokens />
      ) : part.path.endsWith('keyboard') ? (
        <Keyboard />
      ) : (
        <Appearance />
      )}
    </main>
  );
}

function Appearance() {
  useChanges(preferences);
  const { theme, density } = preferences.choices;
  return (
    <div className="settings-body">
      <Choice
        legend="Theme"
        name="theme"
        value={theme}
        options={[
          ['light', 'Light'],
          ['dark', 'Dark'],
          ['system', 'As the system'],
        ]}
        onChange={(v) => preferences.set({ theme: v })}
      />
      <Choice
        legend="Density"
        name="density"
        value={density}
        options={[
          ['compact', 'Compact'],
          ['comfortable', 'Comfortable'],
        ]}
        onChange={(v) => preferences.set({ density: v })}
      />
      <p className="hint">These choices stay in this browser.</p>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  name: string;
  value: T;
  options: [T, string][];
  onChange: (value: T) => void;
}

function Choice<T extends string>({ legend, name, value, options, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      <div>
        {options.map(([key, label]) => (
          <label key={key}>
            <input type="radio" name={name} checked={value === key} onChange={() => onChange(key)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Keyboard() {
  useChanges(preferences);
  return (
    <div className="settings-body settings-wide">
      <label className="check">
        <input
          type="checkbox"
          checked={preferences.choices.singleKeys}
          onChange={(e) => preferences.set({ singleKeys: e.target.checked })}
        />
        Single-letter shortcuts in notebooks
      </label>
      <h2>Shortcuts</h2>
      <ShortcutTable />
    </div>
  );
}
