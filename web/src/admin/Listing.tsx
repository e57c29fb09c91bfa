import { Search } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useResource } from '../api/resource.ts';
import { type Folder, list, type Page, type Resource } from '../api/scim.ts';
import { useTitle } from '../app/pages.tsx';
import { navigate, useLocation } from '../app/router.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { count } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';

const PAGE = 50;

interface Props {
  title: string;
  folder: Folder;
  columns: Column<Resource>[];
  /** What is said where there is nothing to list at all. */
  empty: string;
  attributes?: string;
  children: ReactNode;
}

/** A list of the directory with its search and its pages, both in the address. */
export function Listing({ title, folder, columns, empty, attributes, children }: Props) {
  useTitle(title);
  const [query, setQuery] = useQuery();
  const search = query.get('q') ?? '';
  const from = Math.max(1, Number(query.get('from')) || 1);
  const { state } = useResource(`scim/${folder}/list/${from}/${search}`, () =>
    list(folder, { search, startIndex: from, count: PAGE, ...(attributes ? { attributes } : {}) }),
  );
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        <div className="actions">
          <SearchField
            label={`Search ${title.toLowerCase()}`}
            value={search}
            onChange={(q) => setQuery({ q, from: '' })}
          />
          {children}
        </div>
      </div>
      <Answered state={state}>
        {(page) =>
          page.totalResults === 0 ? (
            <p className="empty">{search === '' ? empty : `Nothing matches “${search}”.`}</p>
          ) : (
            <>
              <Table label={title} columns={columns} rows={page.Resources} keyOf={(r) => r.id} />
              <Pager page={page} onGo={(n) => setQuery({ from: n === 1 ? '' : String(n) })} />
            </>
          )
        }
      </Answered>
    </>
  );
}

function Pager({ page, onGo }: { page: Page; onGo: (from: number) => void }) {
  const last = page.startIndex + page.Resources.length - 1;
  if (page.totalResults <= page.Resources.length)
    return <p className="list-count num">{count(page.totalResults)} in all</p>;
  return (
    <nav className="list-count num" aria-label="Pages">
      <span>
        {count(page.startIndex)} to {count(last)} of {count(page.totalResults)}
      </span>
      <Button
        small
        look="outline"
        disabled={page.startIndex === 1}
        onClick={() => onGo(Math.max(1, page.startIndex - PAGE))}
      >
        Previous
      </Button>
      <Button
        small
        look="outline"
        disabled={last >= page.totalResults}
        onClick={() => onGo(page.startIndex + PAGE)}
      >
        Next
      </Button>
    </nav>
  );
}

interface SearchProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

const PAUSE_MS = 200;

/** Searches when the typing pauses. */
export function SearchField({ label, value, onChange }: SearchProps) {
  const [typed, setTyped] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the pause.
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="search-field">
      <Search size={14} aria-hidden="true" />
      <input
        type="search"
        className="input"
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
      />
    </div>
  );
}

/** Filters live in the address, so that they can be sent and come back. */
export function useQuery(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const { path, query } = useLocation();
  const set = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    navigate(text === '' ? path : `${path}?${text}`, { replace: true });
  };
  return [query, set];
}
