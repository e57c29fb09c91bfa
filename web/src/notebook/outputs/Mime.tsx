import { type ComponentType, lazy, Suspense } from 'react';
import type { MimeBundle, ResultRef } from '../../api/types.ts';
import { MarkdownView } from '../cell/MarkdownView.tsx';
import { isAttachment } from './attachment.ts';
import { HtmlFrame } from './HtmlFrame.tsx';
import { OutputBoundary } from './OutputBoundary.tsx';

const ResultView = lazy(() => import('../../results/index.ts').then((m) => ({ default: m.ResultView })));

export const RESULT = 'application/vnd.campanile.result.v1+json';

interface RendererProps {
  value: unknown;
  data: MimeBundle;
  chart: unknown;
  onChart: ((chart: unknown) => void) | undefined;
}

/** Richest first; the first one the bundle holds is shown. */
const RENDERERS: [mime: string, Renderer: ComponentType<RendererProps>][] = [
  [RESULT, Result],
  ['text/html', ({ value }) => <HtmlFrame html={joined(value)} />],
  ['text/markdown', ({ value }) => <MarkdownView source={joined(value)} />],
  [
    'image/svg+xml',
    ({ value, data }) => (
      <Picture src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(joined(value))}`} data={data} />
    ),
  ],
  ...['image/png', 'image/jpeg', 'image/webp', 'image/gif'].map(
    (mime): [string, ComponentType<RendererProps>] => [
      mime,
      ({ value, data }) => <Picture src={address(mime, joined(value))} data={data} />,
    ],
  ),
  ['application/json', ({ value }) => <Json value={value} />],
  ['text/plain', ({ value }) => <Plain text={joined(value)} />],
];

interface Props {
  data: MimeBundle;
  chart: unknown;
  onChart: ((chart: unknown) => void) | undefined;
}

export function MimeOutput({ data, chart, onChart }: Props) {
  for (const [mime, Renderer] of RENDERERS) {
    const value = data[mime];
    if (value === undefined || value === null) continue;
    return (
      <div className="display">
        <OutputBoundary>
          <Renderer value={value} data={data} chart={chart} onChart={onChart} />
        </OutputBoundary>
      </div>
    );
  }
  const kinds = Object.keys(data).join(', ');
  return kinds === '' ? null : (
    <p className="muted">An output of kind {kinds}, which this page cannot show.</p>
  );
}

/** nbformat keeps long texts as lists of lines. */
function joined(value: unknown): string {
  if (Array.isArray(value)) return value.join('');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An attachment's address stays an address; anything else is base64. No output makes the page ask the API. */
function address(mime: string, value: string): string {
  return isAttachment(value) ? value : `data:${mime};base64,${value.replace(/\s/g, '')}`;
}

function Picture({ src, data }: { src: string; data: MimeBundle }) {
  const alt = data['text/plain'] === undefined ? 'Output image' : joined(data['text/plain']);
  return <img className="picture" src={src} alt={alt} />;
}

function Plain({ text }: { text: string }) {
  return <pre className="plain">{text}</pre>;
}

function Json({ value }: { value: unknown }) {
  return <pre className="plain">{JSON.stringify(value, null, 2)}</pre>;
}

function Result({ value, data, chart, onChart }: RendererProps) {
  const ref = resultRef(value);
  if (!ref) return <Plain text={joined(data['text/plain'] ?? value)} />;
  return (
    <Suspense fallback={<div className="result-wait" />}>
      <ResultView result={ref} chart={chart} onChart={onChart} />
    </Suspense>
  );
}

const RESULT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Anybody can write such an output into a file: only what is whole becomes a grid. */
export function resultRef(value: unknown): ResultRef | null {
  const found = typeof value === 'string' ? parsed(value) : value;
  if (typeof found !== 'object' || found === null) return null;
  const ref = found as Partial<ResultRef>;
  const whole =
    typeof ref.result_id === 'string' &&
    RESULT_ID.test(ref.result_id) &&
    typeof ref.rows === 'number' &&
    Array.isArray(ref.columns) &&
    ref.columns.every((c: unknown) => isColumn(c));
  return whole ? (ref as ResultRef) : null;
}

function isColumn(column: unknown): boolean {
  if (typeof column !== 'object' || column === null) return false;
  const { name, type } = column as { name?: unknown; type?: unknown };
  return typeof name === 'string' && typeof type === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
