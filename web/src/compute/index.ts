export { ClusterFormPage } from './ClusterFormPage.tsx';
export { ClusterPage } from './ClusterPage.tsx';
export { ClustersPage } from './ClustersPage.tsx';
export { PoolsPage } from './PoolsPage.tsx';
