import type { ReactNode } from 'react';

export interface Column<Row> {
  /** Stands over the column; of a quiet one, such as that of the buttons, only screen readers hear it. */
  name: string;
  quiet?: boolean;
  className?: string;
  title?: (row: Row) => string | undefined;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  /** Nothing in the rows takes the focus: the frame does, so that the keyboard can scroll it. */
  still?: boolean;
}

/** The frame of every table of the console: it scrolls sideways by itself where the window is narrow. */
export function Table<Row>({ label, columns, rows, keyOf, still }: Props<Row>) {
  return (
    <div className="table-box" {...(still ? { role: 'region', tabIndex: 0, 'aria-label': label } : {})}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.name} className={c.quiet ? 'right' : undefined}>
                {c.quiet ? <span className="visually-hidden">{c.name}</span> : c.name}
              </th>
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
