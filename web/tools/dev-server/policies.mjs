// Cluster policies as cluster-manager answers about them: one, a family, and who may use it.
const POLICY = {
  policy_id: '0000A1',
  name: 'Short',
  description: 'Clusters that end soon',
  definition: '{"autotermination_minutes":{"type":"range","maxValue":60,"defaultValue":30}}',
  max_clusters_per_user: 2,
  creator_user_name: 'ada@example.com',
  created_at_timestamp: Date.now() - 86_400_000,
};

export const policyRoutes = [
  ['GET', '/api/2.0/policies/clusters/get', () => POLICY],
  [
    'GET',
    '/api/2.0/policy-families',
    () => ({
      policy_families: [
        {
          policy_family_id: 'personal-vm',
          name: 'Personal Compute',
          description: 'A small cluster for one person.',
          definition: '{"num_workers":{"type":"fixed","value":0,"hidden":true}}',
        },
      ],
    }),
  ],
  [
    'POST',
    '/api/campanile/v1/policies/try',
    () => ({
      allowed: false,
      cluster: { cluster_name: 'tried', autotermination_minutes: 60 },
      filled: [{ attribute: 'custom_tags.team', value: 'data', rule: 'fixed' }],
      refusals: ['custom_tags.cost must be given: it is not optional and may be anything (unlimited)'],
      problem: null,
    }),
  ],
  [
    'GET',
    '/api/2.0/permissions/cluster-policies/0000A1',
    () => ({
      access_control_list: [
        { group_name: 'admins', all_permissions: [{ permission_level: 'CAN_USE', inherited: true }] },
        {
          user_name: 'grace@example.com',
          display_name: 'Grace',
          all_permissions: [{ permission_level: 'CAN_USE', inherited: false }],
        },
      ],
    }),
  ],
];
