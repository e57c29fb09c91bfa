import { X } from 'lucide-react';
import { useState } from 'react';
import { useChanges } from '../api/observable.ts';
import type { ResultColumn } from '../api/types.ts';
import { Button, IconButton } from '../design/Button.tsx';
import type { Filter, FilterOp, ResultPages } from './pages.ts';

const OPS: [FilterOp, string][] = [
  ['contains', 'contains'],
  ['eq', '='],
  ['ne', '≠'],
  ['lt', '<'],
  ['le', '≤'],
  ['gt', '>'],
  ['ge', '≥'],
  ['is_null', 'is null'],
  ['not_null', 'is not null'],
];

function words(filter: Filter): string {
  const op = OPS.find(([key]) => key === filter.op)?.[1] ?? filter.op;
  return [filter.column, op, filter.value].filter((x) => x !== undefined).join(' ');
}

export function FilterBar({ columns, pages }: { columns: ResultColumn[]; pages: ResultPages }) {
  useChanges(pages);
  const [op, setOp] = useState<FilterOp>('contains');
  const unary = op === 'is_null' || op === 'not_null';
  return (
    <form
      className="filter"
      onSubmit={(e) => {
        e.preventDefault();
        const form = new FormData(e.currentTarget);
        const filter: Filter = { column: String(form.get('column')), op };
        if (!unary) filter.value = String(form.get('value') ?? '');
        pages.narrow([...pages.filter, filter]);
      }}
    >
      {pages.filter.map((f, i) => (
        <span key={words(f)} className="filter-chip">
          {words(f)}
          <IconButton
            small
            label={`Remove the filter ${words(f)}`}
            icon={<X size={12} />}
            onClick={() => pages.narrow(pages.filter.filter((_, j) => j !== i))}
          />
        </span>
      ))}
      <select name="column" className="select input-small" aria-label="Column">
        {columns.map((c) => (
          <option key={c.name}>{c.name}</option>
        ))}
      </select>
      <select
        className="select input-small"
        aria-label="Condition"
        value={op}
        onChange={(e) => setOp(e.target.value as FilterOp)}
      >
        {OPS.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      {!unary && (
        <input
          name="value"
          className="input input-small"
          aria-label="Value"
          placeholder="Value"
          autoComplete="off"
        />
      )}
      <Button small look="outline" type="submit">
        Add filter
      </Button>
    </form>
  );
}
