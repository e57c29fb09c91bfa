import { Link } from '../app/Link.tsx';
import { useLocation } from '../app/router.ts';

const TABS = [
  ['/compute/clusters', 'Clusters'],
  ['/compute/policies', 'Policies'],
  ['/compute/pools', 'Pools'],
  ['/compute/usage', 'Usage'],
  ['/compute/budgets', 'Budgets'],
] as const;

/** The lists of the compute pages. */
export function ComputeTabs() {
  const { path } = useLocation();
  return (
    <nav className="tabs" aria-label="Compute">
      {TABS.map(([href, words]) => (
        <Link key={href} href={href} {...(path === href ? { 'aria-current': 'page' } : {})}>
          {words}
        </Link>
      ))}
    </nav>
  );
}
