import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { useTitle } from '../app/pages.tsx';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { exactly } from '../design/format.ts';
import { type Column, type More, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import {
  type AuditEvent,
  type AuditPart,
  detailWords,
  exportHref,
  type Filters,
  factsOf,
  filtersOf,
  loadAudit,
  NAMES,
} from './audit.ts';
import { SearchField, useQuery } from './Listing.tsx';

/** Who did what, and what was refused; the newest first. */
export function AuditPage() {
  useTitle('Audit log');
  const [query, setQuery] = useQuery();
  const filters = filtersOf(query);
  const key = `audit/${JSON.stringify(filters)}`;
  const { state } = useResource(key, () => loadAudit(filters));
  const some = NAMES.some((n) => filters[n] !== '');
  return (
    <>
      <div className="page-head">
        <h1>Audit log</h1>
        <div className="actions">
          <a className="btn btn-outline" href={exportHref(filters)} download="audit.jsonl">
            <Download size={14} aria-hidden="true" />
            Export as JSON lines
          </a>
        </div>
      </div>
      <FilterFields filters={filters} onChange={setQuery} />
      <Answered state={state}>
        {(first) =>
          first.events.length === 0 ? (
            <p className="empty">{some ? 'Nothing matches these filters.' : 'Nothing happened yet.'}</p>
          ) : (
            <Rows key={key} first={first} filters={filters} />
          )
        }
      </Answered>
    </>
  );
}

interface FieldsProps {
  filters: Filters;
  onChange: (changes: Record<string, string>) => void;
}

function FilterFields({ filters, onChange }: FieldsProps) {
  const time = (name: 'from' | 'to', label: string) => (
    <div className="field">
      <label htmlFor={`audit-${name}`}>{label}</label>
      <input
        id={`audit-${name}`}
        type="datetime-local"
        className="input"
        value={filters[name]}
        onChange={(e) => onChange({ [name]: e.target.value })}
      />
    </div>
  );
  return (
    <div className="audit-filters" role="search" aria-label="Filters of the audit log">
      <SearchField label="User" value={filters.user} onChange={(user) => onChange({ user })} />
      <SearchField label="Action" value={filters.action} onChange={(action) => onChange({ action })} />
      <div className="field">
        <label htmlFor="audit-outcome">Outcome</label>
        <select
          id="audit-outcome"
          className="select"
          value={filters.outcome}
          onChange={(e) => onChange({ outcome: e.target.value })}
        >
          <option value="">All</option>
          <option value="DONE">Done</option>
          <option value="DENIED">Denied</option>
        </select>
      </div>
      {time('from', 'From')}
      {time('to', 'Until')}
    </div>
  );
}

/** The first rows and those that were asked for after them. */
function Rows({ first, filters }: { first: AuditPart; filters: Filters }) {
  const [more, setMore] = useState<AuditPart[]>([]);
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: pages after another first page would leave a gap.
  useEffect(() => setMore([]), [first]);
  const parts = [first, ...more];
  const next = parts.at(-1)?.next_page_token;
  const load = async (token: string): Promise<void> => {
    setBusy(true);
    try {
      const part = await loadAudit(filters, token);
      setMore([...more, part]);
    } catch (error) {
      toasts.show(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Table
        label="Audit log"
        columns={COLUMNS}
        rows={parts.flatMap((p) => p.events)}
        keyOf={(e) => `${e.service}/${e.event_id}`}
        more={MORE}
        stacks
      />
      {next && (
        <div className="audit-more">
          <Button look="outline" disabled={busy} onClick={() => void load(next)}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  );
}

const COLUMNS: Column<AuditEvent>[] = [
  { name: 'Time', className: 'num muted', cell: (e) => exactly(e.at) },
  { name: 'User', cell: (e) => e.user_name || <span className="muted">{e.via ?? 'Nobody'}</span> },
  { name: 'Action', className: 'code', cell: (e) => e.action },
  { name: 'On', className: 'code audit-on', title: (e) => e.resource, cell: (e) => e.resource },
  {
    name: 'Outcome',
    cell: (e) => (e.outcome === 'DENIED' ? <span className="outcome-denied">Denied</span> : 'Done'),
  },
];

const MORE: More<AuditEvent> = {
  name: 'Details',
  summary: (e) => shortened(detailWords(e.details)) || 'More',
  label: (e) => `Details of ${e.action}, ${exactly(e.at)}`,
  content: (e) => (
    <dl className="facts audit-facts">
      {factsOf(e).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="code">{value}</dd>
        </div>
      ))}
    </dl>
  ),
};

/** A button reads itself out whole. */
function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
