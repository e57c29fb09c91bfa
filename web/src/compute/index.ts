export { ClusterFormPage } from './ClusterFormPage.tsx';
export { ClusterPage } from './ClusterPage.tsx';
export { ClustersPage } from './ClustersPage.tsx';
export { PoliciesPage } from './PoliciesPage.tsx';
export { PolicyPage } from './PolicyPage.tsx';
export { PoolsPage } from './PoolsPage.tsx';
