import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { messageOf } from '../../api/client.ts';
import type { ResultColumn, ResultRef } from '../../api/types.ts';
import { count, plural } from '../../design/format.ts';
import type { FetchPage } from '../pages.ts';
import { isNumeric } from '../pages.ts';
import { optionOf } from './option.ts';
import { type ChartSpec, KINDS, type Kind, MOST_SERIES, type Series, seriesOf, specOf } from './spec.ts';

use([
  BarChart,
  LineChart,
  PieChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const ROWS = 5000;
const TWIN = 200;
const NAMES: Record<Kind, string> = { bar: 'Bar', line: 'Line', scatter: 'Scatter', pie: 'Pie' };

interface Props {
  result: ResultRef;
  fetch: FetchPage;
  saved: unknown;
  onSave: ((chart: unknown) => void) | undefined;
}

export function ChartTab({ result, fetch, saved, onSave }: Props) {
  const [own, setOwn] = useState<unknown>(saved);
  const spec = specOf(onSave ? (saved ?? own) : own, result.columns);
  const [rows, setRows] = useState<unknown[][] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    fetch(0, ROWS, [], []).then(
      (page) => !gone && setRows(page.rows),
      (error: unknown) => !gone && setFailure(messageOf(error)),
    );
    return () => {
      gone = true;
    };
  }, [fetch]);
  const { kind, x, y, by } = spec;
  const all = useMemo(
    () => seriesOf(rows ?? [], result.columns, { kind, x, y, by }),
    [rows, result.columns, kind, x, y, by],
  );
  const series = useMemo(() => all.slice(0, MOST_SERIES), [all]);
  const change = (part: Partial<ChartSpec>): void => {
    const next = { kind, x, y, by, ...part };
    setOwn(next);
    onSave?.(next);
  };
  return (
    <div className="chart">
      <Choices spec={spec} columns={result.columns} onChange={change} />
      {failure && <p className="notice notice-err">{failure}</p>}
      {rows && <Drawing spec={spec} series={series} />}
      {all.length > MOST_SERIES && (
        <p className="hint">
          The first {MOST_SERIES} of {count(all.length)} values of {by} are drawn.
        </p>
      )}
      {result.rows > ROWS && (
        <p className="hint">
          Drawn from the first {plural(ROWS, 'row')} of {count(result.rows)}.
        </p>
      )}
      {rows && <Twin spec={spec} series={series} />}
    </div>
  );
}

interface ChoicesProps {
  spec: ChartSpec;
  columns: ResultColumn[];
  onChange: (part: Partial<ChartSpec>) => void;
}

function Choices({ spec, columns, onChange }: ChoicesProps) {
  const id = useId();
  const numeric = columns.filter((c) => isNumeric(c.type));
  const ys = numeric.length > 0 ? numeric : columns;
  return (
    <div className="chart-choices">
      <label htmlFor={`${id}k`}>Chart</label>
      <select
        id={`${id}k`}
        className="select input-small"
        value={spec.kind}
        onChange={(e) => onChange({ kind: e.target.value as Kind })}
      >
        {KINDS.map((k) => (
          <option key={k} value={k}>
            {NAMES[k]}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}x`}>{spec.kind === 'pie' ? 'Slices' : 'X'}</label>
      <select
        id={`${id}x`}
        className="select input-small"
        value={spec.x}
        onChange={(e) => onChange({ x: e.target.value })}
      >
        {columns.map((c) => (
          <option key={c.name}>{c.name}</option>
        ))}
      </select>
      <label htmlFor={`${id}y`}>{spec.kind === 'pie' ? 'Size' : 'Y'}</label>
      <select
        id={`${id}y`}
        className="select input-small"
        value={spec.y}
        onChange={(e) => onChange({ y: e.target.value })}
      >
        {ys.map((c) => (
          <option key={c.name}>{c.name}</option>
        ))}
      </select>
      {spec.kind !== 'pie' && (
        <>
          <label htmlFor={`${id}b`}>Series</label>
          <select
            id={`${id}b`}
            className="select input-small"
            value={spec.by}
            onChange={(e) => onChange({ by: e.target.value })}
          >
            <option value="">One</option>
            {columns.map((c) => (
              <option key={c.name} value={c.name}>
                {c.name}
              </option>
            ))}
          </select>
        </>
      )}
    </div>
  );
}

function Drawing({ spec, series }: { spec: ChartSpec; series: Series[] }) {
  const points = series.reduce((n, s) => n + s.points.length, 0);
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = init(element);
    chart.current = made;
    const size = new ResizeObserver(() => made.resize());
    size.observe(element);
    const again = (): void => setTheme((n) => n + 1);
    const watch = new MutationObserver(again);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', again);
    return () => {
      size.disconnect();
      watch.disconnect();
      media.removeEventListener('change', again);
      made.dispose();
      chart.current = null;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours.
  useEffect(() => {
    if (host.current) chart.current?.setOption(optionOf(spec, series, host.current), { notMerge: true });
  }, [spec.kind, spec.x, spec.y, series, theme]);
  return (
    <div
      ref={host}
      className="chart-canvas"
      role="img"
      aria-label={`${NAMES[spec.kind]} chart of ${spec.y} by ${spec.x}, ${plural(points, 'point')}. The same data follow as a table.`}
    />
  );
}

/** The same data for those who cannot see the drawing. */
function Twin({ spec, series }: { spec: ChartSpec; series: Series[] }) {
  const several = series.length > 1;
  const points = series.flatMap(({ name, points }) => points.map((p) => ({ name, ...p })));
  return (
    <details className="twin">
      <summary>Data as a table</summary>
      <table className="table">
        <thead>
          <tr>
            {several && <th>{spec.by}</th>}
            <th>{spec.x}</th>
            <th className="right">{spec.y}</th>
          </tr>
        </thead>
        <tbody>
          {points.slice(0, TWIN).map((p, i) => (
            <tr key={i}>
              {several && <td>{p.name}</td>}
              <td>{String(p.x ?? 'null')}</td>
              <td className="right num">{p.y ?? 'null'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {points.length > TWIN && (
        <p className="hint">
          The first {plural(TWIN, 'point')} of {count(points.length)}.
        </p>
      )}
    </details>
  );
}
