import type { EChartsType } from 'echarts/core';
import type { ChartSpec, Series } from './spec.ts';

type Option = Parameters<EChartsType['setOption']>[0];

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

/** What the drawing library is told; colours and font come from where it is drawn. */
export function optionOf(spec: ChartSpec, series: Series[], host: Element): Option {
  const points = series.flatMap((s) => s.points);
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
  const across = {
    ...axis,
    name: spec.x,
    nameLocation: 'middle' as const,
    nameGap: 30,
    splitLine: { show: false },
  };
  const names = category ? [...new Set(points.map((p) => String(p.x ?? 'null')))] : [];
  return {
    ...common,
    ...(series.length > 1 ? { legend: { type: 'scroll', top: 0, right: 8, textStyle: text } } : {}),
    grid: { left: 12, right: 20, top: 32, bottom: 28, containLabel: true },
    xAxis: category
      ? { ...across, type: 'category', data: names }
      : { ...across, type: 'value', scale: true, axisLabel: { ...text, formatter: plain } },
    yAxis: {
      ...axis,
      type: 'value',
      name: spec.y,
      nameTextStyle: { ...text, align: 'left' },
      scale: spec.kind !== 'bar',
      axisLine: { show: false },
    },
    series: series.map((s) => ({
      type: spec.kind,
      name: s.name,
      data: category ? s.points.map((p) => [String(p.x ?? 'null'), p.y]) : s.points.map((p) => [p.x, p.y]),
      barMaxWidth: 40,
      symbolSize: spec.kind === 'scatter' ? 6 : 4,
      showSymbol: points.length < 200,
      large: points.length > 2000,
    })),
  };
}

/** A year is not "1,992". */
function plain(value: number): string {
  return Math.abs(value) < 10_000 ? String(value) : value.toLocaleString('en');
}
