import { Plus } from 'lucide-react';
import { useResource } from '../api/resource.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate } from '../app/router.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { ComputeTabs } from './ComputeTabs.tsx';
import { isAdmin } from './parts.tsx';
import { type ClusterPolicy, type Family, loadFamilies, loadPolicies } from './policies.ts';
import './compute.css';

async function load(): Promise<{ policies: ClusterPolicy[]; families: Family[] }> {
  const [policies, families] = await Promise.all([loadPolicies(), loadFamilies()]);
  return { policies, families };
}

export function PoliciesPage() {
  useTitle('Cluster policies');
  const { state } = useResource('cluster-policies', load);
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Policies</h1>
        {isAdmin() && (
          <div className="actions">
            <Button
              look="outline"
              icon={<Plus size={14} aria-hidden="true" />}
              onClick={() => navigate('/compute/policies/new')}
            >
              New policy
            </Button>
          </div>
        )}
      </div>
      <ComputeTabs />
      <Answered state={state}>
        {({ policies, families }) =>
          policies.length === 0 ? (
            <None />
          ) : (
            <Table
              label="Cluster policies"
              columns={columns(families)}
              rows={policies}
              keyOf={(p) => p.policy_id}
              stacks
            />
          )
        }
      </Answered>
    </main>
  );
}

function None() {
  return (
    <div className="empty">
      <h2>No policies yet</h2>
      <p>
        {isAdmin()
          ? 'A policy says what clusters may be like, and lets people make their own within it.'
          : 'None was given to you. An administrator can let you use one.'}
      </p>
      {isAdmin() && (
        <Button look="primary" onClick={() => navigate('/compute/policies/new')}>
          Make a policy
        </Button>
      )}
    </div>
  );
}

function columns(families: Family[]): Column<ClusterPolicy>[] {
  return [
    {
      name: 'Name',
      cell: (p) => <Link href={`/compute/policies/${encodeURIComponent(p.policy_id)}`}>{p.name}</Link>,
    },
    { name: 'Description', className: 'muted', cell: (p) => p.description ?? '' },
    {
      name: 'Family',
      cell: (p) => families.find((f) => f.policy_family_id === p.policy_family_id)?.name ?? '',
    },
    {
      name: 'Clusters for each person',
      className: 'num',
      cell: (p) =>
        p.max_clusters_per_user === undefined ? 'No limit' : `At most ${p.max_clusters_per_user}`,
    },
    { name: 'Made by', cell: (p) => p.creator_user_name ?? '' },
    {
      name: 'Made',
      className: 'num',
      cell: (p) => (p.created_at_timestamp === undefined ? '' : when(p.created_at_timestamp)),
    },
  ];
}
