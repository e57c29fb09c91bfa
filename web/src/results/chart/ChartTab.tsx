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
import { type ChartSpec, KINDS, type Kind, type Point, pointsOf, specOf } from './spec.ts';

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
  const { kind, x, y } = spec;
  const points = useMemo(
    () => pointsOf(rows ?? [], result.columns, { kind, x, y }),
    [rows, result.columns, kind, x, y],
  );
  const change = (part: Partial<ChartSpec>): void => {
    const next = { kind, x, y, ...part };
    setOwn(next);
    onSave?.(next);
  };
  return (
    <div className="chart">
      <Choices spec={spec} columns={result.columns} onChange={change} />
      {failure && <p className="notice notice-err">{failure}</p>}
      {rows && <Drawing spec={spec} points={points} />}
      {result.rows > ROWS && (
        <p className="hint">
          Drawn from the first {plural(ROWS, 'row')} of {count(result.rows)}.
        </p>
      )}
      {rows && <Twin spec={spec} points={points} />}
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
    </div>
  );
}

function Drawing({ spec, points }: { spec: ChartSpec; points: Point[] }) {
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
    if (host.current) chart.current?.setOption(optionOf(spec, points, host.current), { notMerge: true });
  }, [spec.kind, spec.x, spec.y, points, theme]);
  return (
    <div
      ref={host}
      className="chart-canvas"
      role="img"
      aria-label={`${NAMES[spec.kind]} chart of ${spec.y} by ${spec.x}, ${plural(points.length, 'point')}. The same data follow as a table.`}
    />
  );
}

/** A colour of the design as the canvas understands it. */
function colour(element: Element, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return '#456';
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
}

function optionOf(spec: ChartSpec, points: Point[], host: Element): Parameters<EChartsType['setOption']>[0] {
  const [ink, quiet, line, accent] = ['--c-fg-0', '--c-fg-2', '--c-line', '--c-accent'].map((name) =>
    colour(host, name),
  ) as [string, string, string, string];
  const text = { color: quiet, fontFamily: getComputedStyle(host).fontFamily, fontSize: 11 };
  const common = {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches && points.length < 1000,
    animationDuration: 200,
    color: [
      accent,
      ...['--c-run', '--c-ok', '--t-keyword', '--c-err', '--t-type'].map((name) => colour(host, name)),
    ],
    textStyle: { ...text, color: ink },
    tooltip: {
      trigger: spec.kind === 'pie' || spec.kind === 'scatter' ? ('item' as const) : ('axis' as const),
      confine: true,
    },
  };
  if (spec.kind === 'pie') {
    const data = points.map((p) => ({ name: String(p.x ?? 'null'), value: p.y ?? 0 }));
    return {
      ...common,
      series: [{ type: 'pie', radius: ['0%', '72%'], data, label: { ...text, color: ink } }],
    };
  }
  const category = spec.kind === 'bar' || points.some((p) => typeof p.x === 'string');
  const axis = {
    axisLabel: text,
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: text,
  };
  const data = category ? points.map((p) => p.y) : points.map((p) => [p.x, p.y]);
  return {
    ...common,
    grid: { left: 12, right: 20, top: 32, bottom: 28, containLabel: true },
    xAxis: category
      ? {
          ...axis,
          type: 'category',
          data: points.map((p) => String(p.x ?? 'null')),
          name: spec.x,
          nameLocation: 'middle',
          nameGap: 30,
          splitLine: { show: false },
        }
      : {
          ...axis,
          type: 'value',
          scale: true,
          name: spec.x,
          nameLocation: 'middle',
          nameGap: 30,
          splitLine: { show: false },
        },
    yAxis: { ...axis, type: 'value', name: spec.y, scale: spec.kind !== 'bar', axisLine: { show: false } },
    series: [
      {
        type: spec.kind,
        name: spec.y,
        data,
        barMaxWidth: 40,
        symbolSize: spec.kind === 'scatter' ? 6 : 4,
        showSymbol: points.length < 200,
        large: points.length > 2000,
      },
    ],
  };
}

/** The same data for those who cannot see the drawing. */
function Twin({ spec, points }: { spec: ChartSpec; points: Point[] }) {
  return (
    <details className="twin">
      <summary>Data as a table</summary>
      <table className="table">
        <thead>
          <tr>
            <th>{spec.x}</th>
            <th className="right">{spec.y}</th>
          </tr>
        </thead>
        <tbody>
          {points.slice(0, TWIN).map((p, i) => (
            <tr key={i}>
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
