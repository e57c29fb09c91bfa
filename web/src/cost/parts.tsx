import { TriangleAlert } from 'lucide-react';
import { useResource } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { exactly } from '../design/format.ts';
import type { Column } from '../design/Table.tsx';
import { gravest, loadNotices, noticeWords } from './budgets.ts';
import { loadPrices, type PriceList, perHour, priceOf } from './price.ts';
import './cost.css';

/** Null while they are not known, and where nothing has a price: then nothing is said of cost. */
export function usePrices(): PriceList | null {
  const { state } = useResource('prices', loadPrices);
  return state.kind === 'ready' && Object.keys(state.value.prices).length > 0 ? state.value : null;
}

/** What a cluster would cost, while it is being made. */
export function Price({ spec }: { spec: Record<string, unknown> }) {
  const prices = usePrices();
  const range = prices === null ? null : priceOf(spec, prices);
  if (prices === null || range === null) return null;
  return (
    <p className="cost-price" aria-live="polite">
      Costs <strong className="num">{perHour(range, prices.currency)}</strong> an hour while it runs
      {range.max > range.min && ', as it scales'}.
    </p>
  );
}

/** The columns, with one of the price before the last where there are prices. */
export function withPrice(columns: Column<Cluster>[], prices: PriceList | null): Column<Cluster>[] {
  if (prices === null) return columns;
  const price: Column<Cluster> = {
    name: 'Per hour',
    className: 'num',
    cell: (cluster) => {
      const range = priceOf(cluster, prices);
      return range === null ? '' : perHour(range, prices.currency);
    },
  };
  return [...columns.slice(0, -1), price, ...columns.slice(-1)];
}

/** What clusters were told by budgets: of one, or of all that may be seen here. */
export function BudgetNotices({ clusterId }: { clusterId?: string }) {
  const { state } = useResource('budget-notices', loadNotices, { pollMs: 10_000 });
  if (state.kind !== 'ready') return null;
  const told = gravest(state.value.filter((n) => clusterId === undefined || n.cluster_id === clusterId));
  return (
    <div className="cost-notices" aria-live="polite">
      {told.map((notice) => (
        <p key={notice.cluster_id} className={notice.action === 'NOTIFY' ? 'notice' : 'notice notice-err'}>
          <TriangleAlert size={16} aria-hidden="true" />
          <span>
            {noticeWords(notice, exactly)}{' '}
            <Link href="/compute/budgets" className="cost-link">
              Budgets
            </Link>
          </span>
        </p>
      ))}
    </div>
  );
}
