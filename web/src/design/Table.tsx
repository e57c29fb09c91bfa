import type { ReactNode } from 'react';

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

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  /** Nothing in the rows takes the focus: the frame does, so that the keyboard can scroll it. */
  still?: boolean;
  sorting?: Sorting;
}

/** The frame of every table of the console: it scrolls sideways by itself where the window is narrow. */
export function Table<Row>({ label, columns, rows, keyOf, still, sorting }: Props<Row>) {
  return (
    <div className="table-box" {...(still ? { role: 'region', tabIndex: 0, 'aria-label': label } : {})}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <Heading key={c.name} column={c} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((c) => (
                <td key={c.name} className={c.className} title={c.title?.(row)}>
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
