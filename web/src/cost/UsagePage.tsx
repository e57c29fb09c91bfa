import { Download } from 'lucide-react';
import { useState } from 'react';
import { messageOf } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate, useLocation } from '../app/router.ts';
import { ComputeTabs } from '../compute/ComputeTabs.tsx';
import { isAdmin } from '../compute/parts.tsx';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { money } from './price.ts';
import {
  type Asked,
  askedOf,
  type Bar,
  barsOf,
  csvHref,
  GROUP_WORDS,
  GROUPS,
  loadDays,
  loadGroups,
  nodeHours,
  type Usage,
  type UsageLine,
} from './usage.ts';

/** What was used and what it cost: of everybody for administrators, of themselves for others. */
export function UsagePage() {
  useTitle('Usage');
  const { path, query } = useLocation();
  const asked = askedOf(query, Date.now());
  const set = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    navigate(text === '' ? path : `${path}?${text}`, { replace: true });
  };
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Usage</h1>
        <div className="actions">
          <a className="btn btn-outline" href={csvHref(asked)} download="usage.csv">
            <Download size={14} aria-hidden="true" />
            Export as CSV
          </a>
        </div>
      </div>
      <ComputeTabs />
      <Filters asked={asked} onChange={set} />
      <Days asked={asked} />
      <h2 className="cost-heading">By {GROUP_WORDS[asked.by].toLowerCase()}</h2>
      <Groups asked={asked} onChange={set} />
    </main>
  );
}

interface FieldProps {
  asked: Asked;
  onChange: (changes: Record<string, string>) => void;
}

function Filters({ asked, onChange }: FieldProps) {
  const date = (name: 'from' | 'to', label: string) => (
    <label className="cost-field">
      {label}
      <input
        type="date"
        className="input"
        value={asked[name]}
        onChange={(e) => onChange({ [name]: e.target.value })}
      />
    </label>
  );
  return (
    <div className="cost-filters" role="search" aria-label="Filters of usage">
      {date('from', 'From')}
      {date('to', 'To')}
      {isAdmin() && (
        <label className="check">
          <input
            type="checkbox"
            checked={asked.own}
            onChange={(e) => onChange({ own: e.target.checked ? '1' : '' })}
          />
          Only mine
        </label>
      )}
      <span className="muted">Days and hours are those of UTC.</span>
    </div>
  );
}

function Days({ asked }: { asked: Asked }) {
  const { state } = useResource(`usage/days/${JSON.stringify({ ...asked, by: '', tag: '' })}`, () =>
    loadDays(asked),
  );
  return (
    <Answered state={state}>
      {(found) =>
        found.usage.length === 0 ? (
          <p className="empty">Nothing ran in this time.</p>
        ) : (
          <>
            <Totals totals={found.totals} />
            <Bars bars={barsOf(asked, found.usage)} />
          </>
        )
      }
    </Answered>
  );
}

function Totals({ totals }: { totals: UsageLine[] }) {
  const seconds = totals.reduce((sum, line) => sum + line.node_seconds, 0);
  const amounts = totals.filter((line) => line.amount !== undefined);
  return (
    <p className="cost-total num">
      {amounts.map((line) => (
        <strong key={line.currency}>{costOf(line)}</strong>
      ))}
      <span>{nodeHours(seconds)} of nodes</span>
    </p>
  );
}

const costOf = (line: UsageLine): string =>
  line.amount === undefined ? '' : money(line.amount, line.currency ?? 'USD');

function Bars({ bars }: { bars: Bar[] }) {
  return (
    <ol className="cost-bars" aria-label="By day" tabIndex={0}>
      {bars.map(({ day, line, share }) => {
        const words =
          line === null ? 'nothing' : [costOf(line), nodeHours(line.node_seconds)].filter(Boolean).join(', ');
        return (
          <li key={day} title={`${day}: ${words}`}>
            <span className="visually-hidden">
              {day}: {words}
            </span>
            <span className="cost-bar" aria-hidden="true" style={{ height: `${Math.round(share * 100)}%` }} />
            <span className="cost-day num" aria-hidden="true">
              {Number(day.slice(8))}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Groups({ asked, onChange }: FieldProps) {
  const unnamed = asked.by === 'tag' && asked.tag === '';
  return (
    <>
      <div className="cost-filters">
        <label className="cost-field">
          Group by
          <select className="select" value={asked.by} onChange={(e) => onChange({ by: e.target.value })}>
            {GROUPS.map((group) => (
              <option key={group} value={group}>
                {GROUP_WORDS[group]}
              </option>
            ))}
          </select>
        </label>
        {asked.by === 'tag' && (
          <label className="cost-field">
            Name of the tag
            <input
              className="input"
              autoComplete="off"
              placeholder="team"
              value={asked.tag}
              onChange={(e) => onChange({ tag: e.target.value })}
            />
          </label>
        )}
      </div>
      {unnamed ? <p className="muted">Name the tag whose values are told apart.</p> : <Found asked={asked} />}
    </>
  );
}

function Found({ asked }: { asked: Asked }) {
  const key = `usage/groups/${JSON.stringify(asked)}`;
  const { state } = useResource(key, () => loadGroups(asked));
  return (
    <Answered state={state}>
      {(first) =>
        first.usage.length === 0 ? (
          <p className="muted">There is nothing to add up.</p>
        ) : (
          <Rows key={key} first={first} asked={asked} />
        )
      }
    </Answered>
  );
}

function Rows({ first, asked }: { first: Usage; asked: Asked }) {
  const [more, setMore] = useState<Usage[]>([]);
  const [busy, setBusy] = useState(false);
  const parts = [first, ...more];
  const next = parts.at(-1)?.next_page_token;
  const load = async (token: string): Promise<void> => {
    setBusy(true);
    try {
      const part = await loadGroups(asked, token);
      setMore([...more, part]);
    } catch (error) {
      toasts.show(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const rows = parts.flatMap((part) => part.usage);
  const priced = rows.some((line) => line.amount !== undefined);
  return (
    <>
      <Table
        label={`Usage by ${GROUP_WORDS[asked.by].toLowerCase()}`}
        columns={columns(asked, priced)}
        rows={rows}
        keyOf={(line) => `${nameOf(line)}/${line.cluster_id ?? line.user_id ?? ''}/${line.currency ?? ''}`}
        still
      />
      {next && (
        <Button look="outline" disabled={busy} onClick={() => void load(next)}>
          Show more
        </Button>
      )}
    </>
  );
}

function nameOf(line: UsageLine): string {
  return line.cluster_name ?? line.user_name ?? line.node_type_id ?? line.tag_value ?? '';
}

function columns(asked: Asked, priced: boolean): Column<UsageLine>[] {
  const cost: Column<UsageLine> = { name: 'Cost', className: 'num', cell: costOf };
  return [
    {
      name: asked.by === 'tag' ? asked.tag : GROUP_WORDS[asked.by],
      cell: (line) =>
        line.cluster_id ? (
          <Link href={`/compute/clusters/${encodeURIComponent(line.cluster_id)}`}>{nameOf(line)}</Link>
        ) : (
          nameOf(line) || <span className="muted">Without</span>
        ),
    },
    { name: 'Node hours', className: 'num', cell: (line) => nodeHours(line.node_seconds) },
    ...(priced ? [cost] : []),
  ];
}
