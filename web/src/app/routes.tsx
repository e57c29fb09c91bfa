import { type ComponentType, lazy } from 'react';
import { Home } from '../home/index.ts';

type Page = ComponentType<{ params: Record<string, string> }>;

export type RouteMatch = { kind: 'page'; page: Page } | { kind: 'unbuilt'; heading: string };

const loadNotebook = () => import('../notebook/index.ts').then((m) => ({ default: m.NotebookPage }));
const Notebook = lazy(loadNotebook);
const Browse = lazy(() => import('../workspace/index.ts').then((m) => ({ default: m.BrowsePage })));
const Trash = lazy(() => import('../workspace/index.ts').then((m) => ({ default: m.TrashPage })));
const Shared = lazy(() => import('../workspace/index.ts').then((m) => ({ default: m.SharedPage })));
const Clusters = lazy(() => import('../compute/index.ts').then((m) => ({ default: m.ClustersPage })));
const Cluster = lazy(() => import('../compute/index.ts').then((m) => ({ default: m.ClusterPage })));
const Policies = lazy(() => import('../compute/index.ts').then((m) => ({ default: m.PoliciesPage })));
const Policy = lazy(() => import('../compute/index.ts').then((m) => ({ default: m.PolicyPage })));
const Pools = lazy(() => import('../compute/index.ts').then((m) => ({ default: m.PoolsPage })));
const ClusterForm = lazy(() => import('../compute/index.ts').then((m) => ({ default: m.ClusterFormPage })));
const Usage = lazy(() => import('../cost/index.ts').then((m) => ({ default: m.UsagePage })));
const Budgets = lazy(() => import('../cost/index.ts').then((m) => ({ default: m.BudgetsPage })));
const File = lazy(() => import('../files/index.ts').then((m) => ({ default: m.FilePage })));
const Catalog = lazy(() => import('../catalog/index.ts').then((m) => ({ default: m.CatalogPage })));
const Volume = lazy(() => import('../catalog/index.ts').then((m) => ({ default: m.VolumePage })));
const Admin = lazy(() => import('../admin/index.ts').then((m) => ({ default: m.AdminPage })));
const Settings = lazy(() => import('../settings/index.ts').then((m) => ({ default: m.SettingsPage })));

// The notebook's code starts on its way before the first render when that is the page asked for.
if (location.pathname.startsWith('/editor/notebooks/')) void loadNotebook();

const page = (p: Page): RouteMatch => ({ kind: 'page', page: p });
const unbuilt = (heading: string): RouteMatch => ({ kind: 'unbuilt', heading });

/** Every address of the application, most particular first. */
export const routes: [pattern: string, match: RouteMatch][] = [
  ['/', page(Home)],
  ['/browse', page(Browse)],
  ['/browse/trash', page(Trash)],
  ['/browse/shared', page(Shared)],
  ['/browse/folders/:id', page(Browse)],
  ['/editor/notebooks/:id', page(Notebook)],
  ['/editor/notebooks/:id/history', page(Notebook)],
  ['/editor/notebooks/:id/dashboard/:d', unbuilt('Notebook dashboard')],
  ['/editor/files/:id', page(File)],
  ['/compute/clusters', page(Clusters)],
  ['/compute/clusters/new', page(ClusterForm)],
  ['/compute/clusters/:id', page(Cluster)],
  ['/compute/clusters/:id/edit', page(ClusterForm)],
  ['/compute/clusters/:id/config', page(Cluster)],
  ['/compute/clusters/:id/events', page(Cluster)],
  ['/compute/clusters/:id/libraries', page(Cluster)],
  ['/compute/clusters/:id/metrics', page(Cluster)],
  ['/compute/clusters/:id/logs', page(Cluster)],
  ['/compute/clusters/:id/spark-ui', unbuilt('Spark UI')],
  ['/compute/clusters/:id/terminal', unbuilt('Cluster terminal')],
  ['/compute/usage', page(Usage)],
  ['/compute/budgets', page(Budgets)],
  ['/compute/policies', page(Policies)],
  ['/compute/policies/new', page(Policy)],
  ['/compute/policies/:id', page(Policy)],
  ['/compute/pools', page(Pools)],
  ['/jobs', unbuilt('Jobs')],
  ['/jobs/runs', unbuilt('Job runs')],
  ['/jobs/:id', unbuilt('Job')],
  ['/jobs/:id/runs/:run', unbuilt('Job run')],
  ['/jobs/:id/runs/:run/tasks/:task', unbuilt('Task run')],
  ['/sql/editor/:id', unbuilt('SQL editor')],
  ['/sql/warehouses', unbuilt('SQL warehouses')],
  ['/sql/warehouses/:id', unbuilt('SQL warehouse')],
  ['/sql/history', unbuilt('Query history')],
  ['/explore/data', page(Catalog)],
  ['/explore/data/main/default/volumes/:volume', page(Volume)],
  ['/explore/data/:catalog/:schema/:table', unbuilt('Table')],
  ['/dashboards', unbuilt('Dashboards')],
  ['/dashboards/:id', unbuilt('Dashboard')],
  ['/ml/experiments/:id', unbuilt('Experiment')],
  ['/terminal/:cluster', unbuilt('Terminal')],
  ['/settings', page(Settings)],
  ['/settings/appearance', page(Settings)],
  ['/settings/tokens', page(Settings)],
  ['/settings/secrets', page(Settings)],
  ['/settings/keyboard', page(Settings)],
  ['/settings/user', page(Settings)],
  ['/settings/developer', unbuilt('Developer settings')],
  ['/admin', page(Admin)],
  ['/admin/users', page(Admin)],
  ['/admin/users/:id', page(Admin)],
  ['/admin/groups', page(Admin)],
  ['/admin/groups/:id', page(Admin)],
  ['/admin/service-principals', page(Admin)],
  ['/admin/service-principals/:id', page(Admin)],
  ['/admin/workspace', unbuilt('Workspace settings')],
  ['/admin/quotas', unbuilt('Quotas')],
  ['/admin/audit', page(Admin)],
  ['/admin/workspaces', page(Admin)],
  ['/admin/billing', page(Usage)],
  ['/oauth/callback', unbuilt('Sign-in callback')],
  ['/status', unbuilt('Status')],
];
