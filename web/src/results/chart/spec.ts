import type { ResultColumn } from '../../api/types.ts';
import { isNumeric } from '../pages.ts';

export const KINDS = ['bar', 'line', 'scatter', 'pie'] as const;
export type Kind = (typeof KINDS)[number];

/** What is kept in the cell's metadata under "chart". */
export interface ChartSpec {
  kind: Kind;
  x: string;
  y: string;
  /** The column whose values make a line, a colour of bars or of dots each; empty for one of all rows. */
  by: string;
}

export interface Point {
  x: string | number | null;
  y: number | null;
}

export interface Series {
  name: string;
  points: Point[];
}

/** More colours than these nobody tells apart. */
export const MOST_SERIES = 12;
const MOST_SLICES = 24;

/** The saved choice where it still fits the columns, else a sensible first one. */
export function specOf(saved: unknown, columns: ResultColumn[]): ChartSpec {
  const names = columns.map((c) => c.name);
  const numeric = columns.filter((c) => isNumeric(c.type));
  const y = numeric.at(-1)?.name ?? names.at(-1) ?? '';
  const x = columns.find((c) => !isNumeric(c.type))?.name ?? names.find((n) => n !== y) ?? y;
  const first: ChartSpec = { kind: 'bar', x, y, by: '' };
  if (typeof saved !== 'object' || saved === null) return first;
  const s = saved as Partial<ChartSpec>;
  return {
    kind: KINDS.includes(s.kind as Kind) ? (s.kind as Kind) : first.kind,
    x: names.includes(s.x ?? '') ? (s.x as string) : first.x,
    y: names.includes(s.y ?? '') ? (s.y as string) : first.y,
    by: names.includes(s.by ?? '') ? (s.by as string) : first.by,
  };
}

/** One series of all rows, or one for each value of a column in the order in which they come. */
export function seriesOf(rows: unknown[][], columns: ResultColumn[], spec: ChartSpec): Series[] {
  const bi = columns.findIndex((c) => c.name === spec.by);
  if (bi < 0 || spec.kind === 'pie') return [{ name: spec.y, points: pointsOf(rows, columns, spec) }];
  const groups = new Map<string, unknown[][]>();
  for (const row of rows) {
    const name = String(row[bi] ?? 'null');
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return [...groups].map(([name, group]) => ({ name, points: pointsOf(group, columns, spec) }));
}

const number = (value: unknown): number | null => {
  if (value === null || value === undefined || value === '') return null;
  const n = Number(value);
  return Number.isFinite(n) ? n : null;
};

/** Bars and slices add up rows with the same x; lines and dots show every row. */
export function pointsOf(
  rows: unknown[][],
  columns: ResultColumn[],
  spec: Pick<ChartSpec, 'kind' | 'x' | 'y'>,
): Point[] {
  const xi = columns.findIndex((c) => c.name === spec.x);
  const yi = columns.findIndex((c) => c.name === spec.y);
  const numericX = isNumeric(columns[xi]?.type ?? '');
  const points = rows.map((row): Point => {
    const raw = row[xi];
    const x =
      raw === null || raw === undefined
        ? null
        : numericX
          ? number(raw)
          : typeof raw === 'object'
            ? JSON.stringify(raw)
            : String(raw);
    return { x, y: number(row[yi]) };
  });
  if (spec.kind === 'scatter') return points.filter((p) => p.x !== null && p.y !== null);
  if (spec.kind === 'line') return numericX ? [...points].sort((a, b) => Number(a.x) - Number(b.x)) : points;
  const sums = new Map<string | number | null, number>();
  for (const p of points) sums.set(p.x, (sums.get(p.x) ?? 0) + (p.y ?? 0));
  const all = [...sums].map(([x, y]) => ({ x, y }));
  return spec.kind === 'pie' && all.length > MOST_SLICES ? largest(all) : all;
}

/** A pie of a thousand slices says nothing: the largest ones, and the rest as one. */
function largest(slices: { x: Point['x']; y: number }[]): Point[] {
  const sorted = [...slices].sort((a, b) => b.y - a.y);
  const rest = sorted.slice(MOST_SLICES - 1);
  const others = { x: `${rest.length} others`, y: rest.reduce((sum, p) => sum + p.y, 0) };
  return [...sorted.slice(0, MOST_SLICES - 1), others];
}
