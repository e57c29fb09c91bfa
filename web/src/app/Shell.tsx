import {
  ChevronsLeft,
  ChevronsRight,
  CircleUser,
  type LucideIcon,
  Plus,
  Search,
  Settings,
} from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { useChanges } from '../api/observable.ts';
import type { Me } from '../api/types.ts';
import { IconButton } from '../design/Button.tsx';
import { Menu } from '../design/Menu.tsx';
import { toasts } from '../design/toast.tsx';
import { createFolder, createNotebook } from '../workspace/create.ts';
import { commands, keyNames } from './commands.ts';
import { Link } from './Link.tsx';
import { Logo } from './Logo.tsx';
import { OfflineBanner } from './OfflineBanner.tsx';
import { Palette, type PaletteMode } from './Palette.tsx';
import { placesFor } from './places.ts';
import { preferences } from './preferences.ts';
import { navigate } from './router.ts';
import { signIn } from './session.ts';

interface Props {
  me: Me | null;
  path: string;
  children: ReactNode;
}

export function Shell({ me, path, children }: Props) {
  useChanges(preferences);
  const [palette, setPalette] = useState<PaletteMode | null>(null);
  useGlobalKeys(setPalette);
  useShellCommands(setPalette, me?.admin === true);
  const open = preferences.choices.rail === 'open';
  return (
    <div className={`shell ${open ? '' : 'shell-narrow'}`}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="rail">
        <div className="rail-top">
          <Link href="/" className="brand" aria-label="Campanile, home">
            <Logo />
            <span className="rail-text">Campanile</span>
          </Link>
        </div>
        <NewMenu open={open} />
        <button type="button" className="rail-search" aria-label="Search" onClick={() => setPalette('open')}>
          <Search size={16} aria-hidden="true" />
          <span className="rail-text">Search</span>
          <span className="rail-text rail-keys" data-keys={keyNames('Mod+K').join(' ')} aria-hidden="true" />
        </button>
        <nav aria-label="Main">
          <ul>
            {placesFor(me?.admin === true).map((place) => (
              <Place key={place.href} {...place} path={path} />
            ))}
          </ul>
        </nav>
        <div className="rail-bottom">
          <Link
            href="/settings"
            className="place"
            aria-label="Settings"
            title="Settings"
            aria-current={path.startsWith('/settings') ? 'page' : undefined}
          >
            <Settings size={16} aria-hidden="true" />
            <span className="rail-text">Settings</span>
          </Link>
          <UserMenu me={me} />
          <IconButton
            className="rail-fold"
            label={open ? 'Collapse the navigation' : 'Expand the navigation'}
            icon={open ? <ChevronsLeft size={16} /> : <ChevronsRight size={16} />}
            onClick={() => preferences.set({ rail: open ? 'closed' : 'open' })}
          />
        </div>
      </header>
      <div className="stage">
        <OfflineBanner />
        {children}
      </div>
      {palette && <Palette mode={palette} onClose={() => setPalette(null)} />}
    </div>
  );
}

function Place({
  href,
  name,
  icon: Icon,
  path,
}: {
  href: string;
  name: string;
  icon: LucideIcon;
  path: string;
}) {
  const section = href.split('/')[1] ?? '';
  const own = path.split('/')[1] ?? '';
  const here = section === own || (section === 'browse' && own === 'editor');
  return (
    <li>
      <Link
        href={href}
        className="place"
        aria-label={name}
        title={name}
        aria-current={here ? 'page' : undefined}
      >
        <Icon size={16} aria-hidden="true" />
        <span className="rail-text">{name}</span>
      </Link>
    </li>
  );
}

function NewMenu({ open }: { open: boolean }) {
  return (
    <Menu
      label="New"
      className={`btn btn-primary rail-new ${open ? '' : 'btn-icon'}`}
      trigger={
        <>
          <Plus size={16} aria-hidden="true" />
          <span className="rail-text">New</span>
        </>
      }
      entries={[
        { label: 'Notebook', action: () => void createNotebook() },
        { label: 'Folder', action: () => void createFolder() },
      ]}
    />
  );
}

function UserMenu({ me }: { me: Me | null }) {
  const name = me?.display_name || me?.user_name || 'Account';
  return (
    <Menu
      label={`Account: ${name}`}
      className="place"
      trigger={
        <>
          <CircleUser size={16} aria-hidden="true" />
          <span className="rail-text ellipsis">{name}</span>
        </>
      }
      entries={[
        ...(me
          ? [
              {
                kind: 'title' as const,
                label: `${me.user_name}${me.workspace_name ? ` · ${me.workspace_name}` : ''}`,
              },
            ]
          : []),
        { label: 'Password and sessions', action: () => navigate('/settings/user') },
        { label: 'Access tokens', action: () => navigate('/settings/tokens') },
        { label: 'Appearance', action: () => navigate('/settings/appearance') },
        { label: 'Keyboard', action: () => navigate('/settings/keyboard') },
        { kind: 'line' },
        {
          label: 'Sign out',
          action: () => void signIn.leave().catch((e: unknown) => toasts.show(messageOf(e))),
        },
      ]}
    />
  );
}

function useGlobalKeys(open: (mode: PaletteMode) => void): void {
  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      const key = e.key.toLowerCase();
      if (e.ctrlKey && e.shiftKey && key === 'p') {
        e.preventDefault();
        open('commands');
      } else if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && key === 'k') {
        e.preventDefault();
        open('open');
      }
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, [open]);
}

function useShellCommands(open: (mode: PaletteMode) => void, admin: boolean): void {
  useEffect(
    () =>
      commands.register('shell', [
        ...placesFor(admin).map((p) => ({
          id: `go.${p.name}`,
          group: 'Go to',
          name: p.name,
          run: () => navigate(p.href),
        })),
        { id: 'new.notebook', group: 'New', name: 'Notebook', run: () => void createNotebook() },
        { id: 'new.folder', group: 'New', name: 'Folder', run: () => void createFolder() },
        { id: 'app.open', group: 'Application', name: 'Quick open', keys: 'Mod+K', run: () => open('open') },
        {
          id: 'settings.tokens',
          group: 'Settings',
          name: 'Access tokens',
          run: () => navigate('/settings/tokens'),
        },
        {
          id: 'settings.keyboard',
          group: 'Settings',
          name: 'Keyboard',
          run: () => navigate('/settings/keyboard'),
        },
        {
          id: 'theme.light',
          group: 'Appearance',
          name: 'Light',
          run: () => preferences.set({ theme: 'light' }),
        },
        {
          id: 'theme.dark',
          group: 'Appearance',
          name: 'Dark',
          run: () => preferences.set({ theme: 'dark' }),
        },
        {
          id: 'theme.system',
          group: 'Appearance',
          name: 'As the system',
          run: () => preferences.set({ theme: 'system' }),
        },
      ]),
    [open, admin],
  );
}
