import { call } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import type { ColumnProfile } from '../api/types.ts';
import { count } from '../design/format.ts';
import { shown } from './pages.ts';

type Answer = ColumnProfile[] | { columns?: ColumnProfile[] };

export function Profile({ resultId, rows }: { resultId: string; rows: number }) {
  const { state } = useResource(`profile/${resultId}`, async () => {
    const answer = await call<Answer>(`/api/campanile/v1/results/${encodeURIComponent(resultId)}/profile`);
    return Array.isArray(answer) ? answer : (answer.columns ?? []);
  });
  if (state.kind === 'loading') return <p className="muted profile-wait">Counting…</p>;
  if (state.kind === 'failed') return <p className="notice notice-err">{state.message}</p>;
  return (
    <div role="group" className="profile" tabIndex={0} aria-label="Column profiles">
      <table className="table">
        <thead>
          <tr>
            <th>Column</th>
            <th>Type</th>
            <th className="right">Null</th>
            <th className="right">Distinct</th>
            <th className="right">Min</th>
            <th className="right">Max</th>
            <th className="right">Mean</th>
            <th>Distribution</th>
          </tr>
        </thead>
        <tbody>
          {state.value.map((c) => (
            <tr key={c.name}>
              <td>{c.name}</td>
              <td className="muted">{c.type}</td>
              <td className="right num">
                {rows > 0 && c.nulls > 0 ? `${((c.nulls / rows) * 100).toFixed(1)} %` : '0'}
              </td>
              <td className="right num">{count(c.distinct_approx)}</td>
              <td className="right num">{short(c.min)}</td>
              <td className="right num">{short(c.max)}</td>
              <td className="right num">{c.mean === undefined || c.mean === null ? '' : short(c.mean)}</td>
              <td>
                <Distribution column={c} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function short(value: unknown): string {
  if (value === null || value === undefined) return '';
  const number = typeof value === 'number' ? value : Number.NaN;
  if (Number.isFinite(number)) return Number.isInteger(number) ? count(number) : number.toPrecision(6);
  const text = shown(value);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function Distribution({ column }: { column: ColumnProfile }) {
  if (column.histogram && column.histogram.length > 0) {
    const most = Math.max(...column.histogram.map((b) => b.count), 1);
    const label = `Histogram: ${column.histogram.map((b) => `${short(b.from)} to ${short(b.to)}: ${b.count}`).join('; ')}`;
    return (
      <svg
        className="histogram"
        viewBox={`0 0 ${column.histogram.length * 6} 24`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {column.histogram.map((b, i) => {
          const h = b.count === 0 ? 0 : Math.max(1, (b.count / most) * 24);
          return <rect key={i} x={i * 6} y={24 - h} width={5} height={h} />;
        })}
      </svg>
    );
  }
  return (
    <span className="top-values">
      {(column.top ?? []).slice(0, 3).map((t) => (
        <span key={shown(t.value)}>
          {short(t.value) || 'null'} <span className="muted num">{count(t.count)}</span>
        </span>
      ))}
    </span>
  );
}
