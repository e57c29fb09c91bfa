import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';

export interface Column<Row> {
  /** Stands over the column; of a quiet one, such as that of the buttons, only screen readers hear it. */
  name: string;
  quiet?: boolean;
  className?: string;
  title?: (row: Row) => string | undefined;
  cell: (row: Row) => ReactNode;
  /** What it is sorted by where people can choose that: its heading is a button then. */
  sort?: string;
}

/** How the rows are sorted, and what to do when somebody wants it otherwise. */
export interface Sorting {
  by: string;
  descending: boolean;
  onSort: (by: string, descending: boolean) => void;
}

/** What there is of a row beyond its cells: shown under it by a button in its last column. */
export interface More<Row> {
  name: string;
  /** Stands in the button: the beginning of what it shows. */
  summary: (row: Row) => string;
  /** What a screen reader hears before it. */
  label: (row: Row) => string;
  content: (row: Row) => ReactNode;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  more?: More<Row>;
  /** Nothing in the rows takes the focus: the frame does, so that the keyboard can scroll it. */
  still?: boolean;
  /** Where the window is narrow, each row is a column of its own instead of a line that runs out of it. */
  stacks?: boolean;
  sorting?: Sorting;
}

/** The frame of every table of the console: it scrolls sideways by itself where the window is narrow. */
export function Table<Row>({ label, columns, rows, keyOf, more, still, stacks, sorting }: Props<Row>) {
  return (
    <div className="table-box" {...(still ? { role: 'region', tabIndex: 0, 'aria-label': label } : {})}>
      <table className={`table ${stacks ? 'table-stacks' : ''}`} aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <Heading key={c.name} column={c} sorting={sorting} />
            ))}
            {more && <th>{more.name}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={keyOf(row)} row={row} columns={columns} more={more} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps<Row> {
  row: Row;
  columns: Column<Row>[];
  more: More<Row> | undefined;
}

function TableRow<Row>({ row, columns, more }: RowProps<Row>) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const Sign = open ? ChevronDown : ChevronRight;
  return (
    <>
      <tr>
        {columns.map((c) => (
          <td
            key={c.name}
            className={c.className}
            title={c.title?.(row)}
            data-name={c.quiet ? undefined : c.name}
          >
            {c.cell(row)}
          </td>
        ))}
        {more && (
          <td data-name={more.name}>
            <button
              type="button"
              className="btn btn-small row-more"
              aria-expanded={open}
              aria-controls={open ? id : undefined}
              onClick={() => setOpen(!open)}
            >
              <Sign size={14} aria-hidden="true" />
              <span className="visually-hidden">{more.label(row)}: </span>
              <span>{more.summary(row)}</span>
            </button>
          </td>
        )}
      </tr>
      {more && open && (
        <tr id={id} className="row-opened">
          <td colSpan={columns.length + 1}>{more.content(row)}</td>
        </tr>
      )}
    </>
  );
}

function Heading<Row>({ column, sorting }: { column: Column<Row>; sorting: Sorting | undefined }) {
  const { name, quiet, sort } = column;
  if (!sorting || sort === undefined)
    return (
      <th className={quiet ? 'right' : undefined}>
        {quiet ? <span className="visually-hidden">{name}</span> : name}
      </th>
    );
  const chosen = sorting.by === sort;
  const way = chosen ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th aria-sort={way}>
      <button
        type="button"
        className="sort-button"
        onClick={() => sorting.onSort(sort, chosen && !sorting.descending)}
      >
        {name}
        {chosen && <span aria-hidden="true">{sorting.descending ? ' ↓' : ' ↑'}</span>}
      </button>
    </th>
  );
}
