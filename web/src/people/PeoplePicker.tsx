import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { KIND_WORDS, KindIcon } from './KindIcon.tsx';
import { type Candidate, searchPeople } from './search.ts';
import './people.css';

interface Props {
  label: string;
  chosen: Candidate[];
  /** Who is not offered, because they are there already. */
  without?: (candidate: Candidate) => boolean;
  onChange: (chosen: Candidate[]) => void;
  autoFocus?: boolean;
}

const PAUSE_MS = 150;

type Found =
  | { kind: 'loading' }
  | { kind: 'ready'; people: Candidate[] }
  | { kind: 'failed'; message: string };

/** A combobox (ARIA 1.2, list autocomplete) that searches people, groups and service principals, and takes several. */
export function PeoplePicker({ label, chosen, without, onChange, autoFocus }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [question, setQuestion] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = useSearch(question, open);
  const people = (found.kind === 'ready' ? found.people : []).filter(
    (c) => !chosen.some((x) => x.id === c.id) && !without?.(c),
  );
  const index = Math.min(at, people.length - 1);
  const choose = (candidate: Candidate | undefined): void => {
    if (!candidate) return;
    onChange([...chosen, candidate]);
    setQuestion('');
    setAt(0);
    setOpen(false);
    input.current?.focus();
  };
  const onKey = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      if (open) setAt(Math.max(0, Math.min(people.length - 1, index + (e.key === 'ArrowDown' ? 1 : -1))));
      else setOpen(true);
    } else if (e.key === 'Enter' && open) choose(people[index]);
    else if (e.key === 'Escape' && open) setOpen(false);
    else if (e.key === 'Backspace' && question === '' && chosen.length > 0) onChange(chosen.slice(0, -1));
    else return;
    e.preventDefault();
  };
  return (
    <div
      className="picker"
      onBlur={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget)) setOpen(false);
      }}
    >
      <div className="picker-box" onClick={() => input.current?.focus()}>
        {chosen.map((c) => (
          <span key={c.id} className="chip">
            <KindIcon kind={c.kind} />
            <span className="ellipsis">{c.display}</span>
            <button
              type="button"
              aria-label={`Leave out ${c.display}`}
              onClick={() => onChange(chosen.filter((x) => x.id !== c.id))}
            >
              <X size={12} aria-hidden="true" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}l`}
          aria-activedescendant={open && people[index] ? `${id}-${index}` : undefined}
          placeholder={chosen.length === 0 ? label : ''}
          autoComplete="off"
          spellCheck={false}
          autoFocus={autoFocus}
          value={question}
          onClick={() => setOpen(true)}
          onChange={(e) => {
            setQuestion(e.target.value);
            setAt(0);
            setOpen(true);
          }}
          onKeyDown={onKey}
        />
      </div>
      <Suggestions
        id={id}
        open={open}
        found={found}
        people={people}
        at={index}
        onChoose={choose}
        onPoint={setAt}
      />
      <span className="visually-hidden" role="status">
        {open && found.kind === 'ready' ? `${people.length} found` : ''}
      </span>
    </div>
  );
}

interface SuggestionProps {
  id: string;
  open: boolean;
  found: Found;
  people: Candidate[];
  at: number;
  onChoose: (candidate: Candidate) => void;
  onPoint: (index: number) => void;
}

function Suggestions({ id, open, found, people, at, onChoose, onPoint }: SuggestionProps) {
  const list = useRef<HTMLDivElement>(null);
  const some = people.length > 0;
  useEffect(() => {
    if (open && some) list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at, open, some]);
  return (
    <div className="picker-list" hidden={!open}>
      <div ref={list} id={`${id}l`} role="listbox" aria-label="Matches">
        {people.map((c, i) => (
          <div
            key={c.id}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className="picker-item"
            // The field keeps the focus: a press that took it would close the list before the click.
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => onChoose(c)}
            onMouseMove={() => onPoint(i)}
          >
            <KindIcon kind={c.kind} />
            <span className="ellipsis">{c.display}</span>
            <span className="picker-note ellipsis">
              {c.kind === 'USER' && c.name !== c.display ? c.name : KIND_WORDS[c.kind]}
            </span>
          </div>
        ))}
      </div>
      {found.kind === 'failed' && <p className="picker-word">{found.message}</p>}
      {found.kind === 'ready' && !some && <p className="picker-word">Nobody else matches.</p>}
      {found.kind === 'loading' && !some && <p className="picker-word">Searching…</p>}
    </div>
  );
}

/** The last answer stays until the next one is there. */
function useSearch(question: string, open: boolean): Found {
  const [found, setFound] = useState<Found>({ kind: 'loading' });
  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      searchPeople(question, stop.signal).then(
        (people) => setFound({ kind: 'ready', people }),
        (error: unknown) => {
          if (!stop.signal.aborted) setFound({ kind: 'failed', message: messageOf(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [question, open]);
  return found;
}
