import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export type MenuEntry =
  | {
      kind?: 'item';
      label: string;
      icon?: ReactNode;
      note?: string;
      danger?: boolean;
      disabled?: boolean;
      checked?: boolean;
      action: () => void;
    }
  | { kind: 'line' }
  | { kind: 'title'; label: string };

interface Props {
  label: string;
  /** The trigger's own text is its name; `label` names the menu. */
  named?: boolean;
  /** What the trigger shows; an icon alone needs `label` as its name. */
  trigger: ReactNode;
  className?: string;
  entries: MenuEntry[] | (() => MenuEntry[]);
  align?: 'start' | 'end';
  testId?: string;
  disabled?: boolean;
  onOpen?: () => void;
}

/** A menu button after the ARIA pattern: arrows, Home, End, first letters, Escape; lives in the top layer. */
export function Menu({
  label,
  trigger,
  className,
  entries,
  align = 'start',
  disabled,
  named,
  onOpen,
}: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = (focus: boolean): void => {
    setOpen(false);
    if (focus) button.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className ?? 'btn'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={named ? undefined : label}
        title={named || typeof trigger === 'string' ? undefined : label}
        disabled={disabled}
        onClick={() => {
          if (!open) onOpen?.();
          setOpen(!open);
        }}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown' && !open) {
            e.preventDefault();
            onOpen?.();
            setOpen(true);
          }
        }}
      >
        {trigger}
      </button>
      {open && button.current && (
        <MenuList
          id={id}
          label={label}
          anchor={button.current}
          align={align}
          entries={typeof entries === 'function' ? entries() : entries}
          onClose={close}
        />
      )}
    </>
  );
}

interface ListProps {
  id: string;
  label: string;
  anchor: HTMLElement;
  align: 'start' | 'end';
  entries: MenuEntry[];
  onClose: (focus: boolean) => void;
}

function MenuList({ id, label, anchor, align, entries, onClose }: ListProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  const closing = useRef(onClose);
  closing.current = onClose;
  useEffect(() => {
    const menu = ref.current;
    if (!menu) return;
    menu.showPopover();
    const a = anchor.getBoundingClientRect();
    const m = menu.getBoundingClientRect();
    const left = align === 'end' ? a.right - m.width : a.left;
    const below = a.bottom + 4 + m.height <= innerHeight || a.top < m.height + 8;
    setPlace({
      left: Math.max(8, Math.min(left, innerWidth - m.width - 8)),
      top: below ? a.bottom + 4 : a.top - m.height - 4,
    });
    (
      menu.querySelector('[aria-checked="true"]') ?? menu.querySelector('[role^="menuitem"]:not(:disabled)')
    )?.scrollIntoView({ block: 'nearest' });
    const first = menu.querySelector<HTMLElement>('[aria-checked="true"], [role^="menuitem"]:not(:disabled)');
    first?.focus({ preventScroll: true });
    const away = (e: Event): void => {
      const target = e.target as Node;
      if (!menu.contains(target) && !anchor.contains(target)) closing.current(false);
    };
    const scrolled = (e: Event): void => {
      if (!menu.contains(e.target as Node)) closing.current(false);
    };
    document.addEventListener('pointerdown', away, true);
    document.addEventListener('scroll', scrolled, true);
    return () => {
      document.removeEventListener('pointerdown', away, true);
      document.removeEventListener('scroll', scrolled, true);
    };
  }, [anchor, align]);
  return (
    <div
      ref={ref}
      id={id}
      popover="manual"
      role="menu"
      aria-label={label}
      className="menu"
      style={place}
      onKeyDown={(e) => onKey(e, ref.current, onClose)}
      onBlur={(e) => {
        if (e.relatedTarget instanceof Node && !e.currentTarget.contains(e.relatedTarget)) onClose(false);
      }}
    >
      {entries.map((entry, i) => (
        <Entry key={i} entry={entry} onClose={onClose} />
      ))}
    </div>
  );
}

function Entry({ entry, onClose }: { entry: MenuEntry; onClose: (focus: boolean) => void }) {
  if (entry.kind === 'line') return <hr className="menu-line" />;
  if (entry.kind === 'title') return <div className="menu-title">{entry.label}</div>;
  return (
    <button
      type="button"
      tabIndex={-1}
      role={entry.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={entry.checked}
      disabled={entry.disabled}
      className={`menu-item ${entry.danger ? 'menu-danger' : ''}`}
      onClick={() => {
        onClose(true);
        entry.action();
      }}
    >
      {entry.icon}
      <span>{entry.label}</span>
      {entry.note && (
        <span className="menu-note" aria-hidden="true">
          {entry.note}
        </span>
      )}
    </button>
  );
}

function onKey(e: KeyboardEvent, menu: HTMLElement | null, onClose: (focus: boolean) => void): void {
  e.stopPropagation();
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const go = (index: number): void => {
    e.preventDefault();
    items[(index + items.length) % items.length]?.focus();
  };
  if (e.key === 'Escape' || e.key === 'Tab') {
    e.preventDefault();
    onClose(true);
  } else if (e.key === 'ArrowDown') go(at + 1);
  else if (e.key === 'ArrowUp') go(at - 1);
  else if (e.key === 'Home') go(0);
  else if (e.key === 'End') go(items.length - 1);
  else if (e.key.length === 1 && e.key !== ' ' && !e.ctrlKey && !e.metaKey) {
    const letter = e.key.toLowerCase();
    const ring = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    ring.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  }
}
