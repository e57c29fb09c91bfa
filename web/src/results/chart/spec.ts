import type { ResultColumn } from '../../api/types.ts';
import { isNumeric } from '../pages.ts';

export const KINDS = ['bar', 'line', 'scatter', 'pie'] as const;
export type Kind = (typeof KINDS)[number];

/** What is kept in the cell's metadata under "chart". */
export interface ChartSpec {
  kind: Kind;
  x: string;
  y: string;
}

export interface Point {
  x: string | number | null;
  y: number | null;
}

/** The saved choice where it still fits the columns, else a sensible first one. */
export function specOf(saved: unknown, columns: ResultColumn[]): ChartSpec {
  const names = columns.map((c) => c.name);
  const numeric = columns.filter((c) => isNumeric(c.type));
  const y = numeric.at(-1)?.name ?? names.at(-1) ?? '';
  const x = columns.find((c) => !isNumeric(c.type))?.name ?? names.find((n) => n !== y) ?? y;
  const first: ChartSpec = { kind: 'bar', x, y };
  if (typeof saved !== 'object' || saved === null) return first;
  const s = saved as Partial<ChartSpec>;
  return {
    kind: KINDS.includes(s.kind as Kind) ? (s.kind as Kind) : first.kind,
    x: names.includes(s.x ?? '') ? (s.x as string) : first.x,
    y: names.includes(s.y ?? '') ? (s.y as string) : first.y,
  };
}

const number = (value: unknown): number | null => {
  if (value === null || value === undefined || value === '') return null;
  const n = Number(value);
  return Number.isFinite(n) ? n : null;
};

/** Bars and slices add up rows with the same x; lines and dots show every row. */
export function pointsOf(rows: unknown[][], columns: ResultColumn[], spec: ChartSpec): Point[] {
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
  return [...sums].map(([x, y]) => ({ x, y }));
}
