// REST of the scripted server: sign-in, the workspace, clusters, tokens, results.

import { costRoutes } from './cost.mjs';
import { historyRoutes } from './history.mjs';
import { libraryRoutes } from './libraries.mjs';
import { nodeLogRoutes } from './node-logs.mjs';
import { addNotebook, findNotebook } from './notebook.mjs';
import { policyRoutes } from './policies.mjs';
import { COLUMNS } from './script.mjs';
import { volumeRoutes } from './volumes.mjs';

const sockets = new Set();
export const state = { sockets, signedIn: (req) => /(^|; )session=1/.test(req.headers.cookie ?? '') };

const me = {
  user_id: 1,
  user_name: 'admin',
  display_name: 'Ada Admin',
  admin: true,
  workspace_id: 1,
  workspace_name: 'Default',
};
const hour = 3_600_000;
let nextId = 200;
const objects = new Map();
function object(id, name, parent, type, extra = {}) {
  const o = {
    object_id: id,
    name,
    object_type: type,
    language: type === 'NOTEBOOK' ? 'JAVA' : null,
    permission: 'CAN_MANAGE',
    parent_id: parent,
    created_at: Date.now() - 9 * hour,
    modified_at: Date.now() - id * 7 * 60_000,
    ...extra,
  };
  objects.set(id, o);
  return o;
}
function pathOf(o) {
  const names = [];
  for (let x = o; x; x = objects.get(x.parent_id)) names.unshift(x.name);
  return `/${names.join('/')}`;
}
const shown = (o) => ({ ...o, path: pathOf(o) });
object(1, 'Users', null, 'DIRECTORY');
object(2, 'Shared', null, 'DIRECTORY');
object(3, 'admin', 1, 'DIRECTORY');
object(10, 'Getting started', 3, 'NOTEBOOK');
object(11, 'Revenue by nation', 3, 'NOTEBOOK');
object(12, 'Big notebook', 3, 'NOTEBOOK');
object(13, 'Every kind of output', 3, 'NOTEBOOK');
object(14, 'Ingest', 3, 'DIRECTORY');
addNotebook(10, 'Getting started', [
  {
    type: 'markdown',
    lang: 'MARKDOWN',
    src: '# Getting started\n\nThis notebook runs **Java** and **SQL** on your own Spark cluster. Press `Shift+Enter` in a cell to run it and go on to the next.\n\n| step | what |\n|---|---|\n| 1 | Read a table |\n| 2 | Draw it |',
  },
  {
    src: 'import org.apache.spark.sql.functions.*;\n\nDataset<Row> nations = spark.table("samples.tpch.nation");\nSystem.out.println("Nations: " + nations.count()); // a comment\nSystem.out.println("hello");',
  },
  {
    lang: 'SQL',
    src: "%sql\nSELECT n_nationkey, n_name, region, sum(price) AS revenue\nFROM samples.tpch.orders\nWHERE day >= DATE '2025-01-01'\nGROUP BY 1, 2, 3\nLIMIT 25",
  },
  { src: '1 + 1' },
]);
addNotebook(11, 'Revenue by nation', [{ src: '' }]);
addNotebook(
  12,
  'Big notebook',
  Array.from({ length: 1000 }, (_, i) =>
    i % 10 === 0
      ? { type: 'markdown', lang: 'MARKDOWN', src: `## Part ${i / 10}\n\nText of part ${i / 10}.` }
      : { src: `int value${i} = ${i};\nString name${i} = "cell ${i}";\nSystem.out.println("${i}");` },
  ),
);
addNotebook(13, 'Every kind of output', [
  { src: 'ansi();' },
  { src: 'int divide(int a, int b) {\n    return a / b; // throw\n}\n\ndivide(1, 0);' },
  { src: 'lines(30000)' },
  { src: '%sql\nselect * from big -- 1000000 rows' },
  { src: 'html();' },
  { src: 'sleep();' },
  { src: 'System.out.println("after");' },
]);

const clusters = [
  {
    cluster_id: '1123-084500-abcd',
    cluster_name: "admin's cluster",
    state: 'RUNNING',
    creator_user_name: 'admin',
    node_type_id: 'local.small',
    num_workers: 0,
    spark_version: '4.0.x-scala2.13',
    autotermination_minutes: 30,
    start_time: Date.now() - hour,
    cluster_memory_mb: 1024,
    custom_tags: { team: 'data' },
  },
  {
    cluster_id: '1123-090000-efgh',
    cluster_name: 'Nightly',
    state: 'TERMINATED',
    creator_user_name: 'grace',
    node_type_id: 'local.medium',
    num_workers: 2,
    spark_version: '4.0.x-scala2.13',
    autotermination_minutes: 0,
    termination_reason: { code: 'INACTIVITY', type: 'SUCCESS' },
    pinned_by_user_name: 'admin',
    custom_tags: { team: 'data', cost: 'low', stage: 'production-of-everything', owner: 'grace' },
  },
  {
    cluster_id: '1123-091500-ijkl',
    cluster_name: 'Reports',
    state: 'PENDING',
    state_message: 'Waiting for the driver',
    creator_user_name: 'admin',
    node_type_id: 'local.large',
    num_workers: 0,
    spark_version: '4.2.x-scala2.13',
  },
];
/** What makes and ends a life, many times over. */
const LIFE = [
  ['RUNNING', { current_num_workers: 0 }],
  ['STARTING', { cause: 'USER_REQUEST', user: 'admin' }],
  [
    'TERMINATING',
    { reason: { code: 'INACTIVITY', type: 'SUCCESS', parameters: { inactivity_duration_min: '30' } } },
  ],
  ['DRIVER_UNAVAILABLE', { driver_state_message: 'The driver ended (exit 137): Killed' }],
  [
    'EDITED',
    {
      user: 'grace',
      attributes: { cluster_name: 'a', custom_tags: { team: 'data' } },
      previous_attributes: { cluster_name: 'b', custom_tags: {} },
    },
  ],
  ['PINNED', { user: 'admin' }],
];
const clusterEvents = Array.from({ length: 130 }, (_, i) => {
  const [type, details] = LIFE[i % LIFE.length];
  return { timestamp: Date.now() - i * 600_000, type, details };
});
let tokens = [
  { token_id: 'a1b2c3d4e5f60718', comment: 'CI', creation_time: Date.now() - 30 * hour, expiry_time: -1 },
];
let failures = 0;

const WORKSPACES = '/api/2.0/accounts/00000000-0000-4000-8000-000000000001/workspaces';
const workspaces = ['Default', 'Research', 'Finance'].map((workspace_name, i) => ({
  workspace_id: i + 1,
  workspace_name,
  deployment_name: workspace_name.toLowerCase(),
  creation_time: Date.now() - (9 - i) * 24 * hour,
  ...(i === 0 ? { is_first: true } : {}),
}));
const events = Array.from({ length: 12 }, (_, i) => ({
  service: i % 3 === 0 ? 'identity' : 'workspace',
  event_id: 100 - i,
  at: Date.now() - i * 11 * 60_000,
  user_id: 1,
  user_name: i % 4 === 3 ? '' : 'ada@example.com',
  via: i % 4 === 3 ? 'gateway' : null,
  action: ['volumes.change-permissions', 'workspace.import', 'files.upload', 'identity.user.patch'][i % 4],
  resource: [
    'volume/main.default.measurements',
    'notebook/4711',
    'file/Volumes/main/default/measurements/2026/11/27/part-00000.parquet',
    'user/17',
  ][i % 4],
  outcome: i % 5 === 4 ? 'DENIED' : 'DONE',
  request_id: `0b0f7a52-5f0c-4d6f-9d0c-00000000000${i % 10}`,
  details:
    i % 4 === 0
      ? {
          changes: [
            { principal: 'analysts', add: ['READ_VOLUME', 'WRITE_VOLUME'], remove: [] },
            { principal: 'grace@example.com', add: ['MANAGE'], remove: [] },
          ],
        }
      : i % 4 === 1
        ? {
            path: '/Users/ada@example.com/A notebook with a rather long name that goes on',
            format: 'JUPYTER',
            overwrite: false,
          }
        : {},
}));

function rowAt(i) {
  const names = [
    'ALGERIA',
    'ARGENTINA',
    'BRAZIL',
    'CANADA',
    'EGYPT',
    'ETHIOPIA',
    'FRANCE',
    'GERMANY',
    'INDIA',
    'INDONESIA',
  ];
  const regions = [
    'AFRICA',
    'AMERICA',
    'AMERICA',
    'AMERICA',
    'AFRICA',
    'AFRICA',
    'EUROPE',
    'EUROPE',
    'ASIA',
    'ASIA',
  ];
  const k = i % names.length;
  return [
    String(i),
    names[k],
    i % 7 === 6 ? null : regions[k],
    (((i * 7919) % 100000) / 7).toFixed(2),
    new Date(Date.UTC(2025, 0, 1 + (i % 365))).toISOString().slice(0, 10),
  ];
}

const routes = [
  [
    'POST',
    '/api/campanile/v1/login',
    ({ body, res }) => {
      if (body.password !== 'admin') {
        failures++;
        if (failures > 3)
          return {
            status: 429,
            json: {
              error_code: 'REQUEST_LIMIT_EXCEEDED',
              message: 'Too many attempts',
              details: [{ retry_after_seconds: 20 }],
            },
          };
        return {
          status: 401,
          json: { error_code: 'UNAUTHENTICATED', message: 'The user or the password is wrong' },
        };
      }
      res.setHeader('Set-Cookie', 'session=1; Path=/; HttpOnly; SameSite=Lax');
      return me;
    },
  ],
  [
    'POST',
    '/api/campanile/v1/logout',
    ({ res }) => {
      res.setHeader('Set-Cookie', 'session=; Path=/; Max-Age=0');
      return {};
    },
  ],
  ['GET', '/api/campanile/v1/me', () => me],
  [
    'GET',
    '/api/campanile/v1/home',
    () => ({
      recents: [11, 10, 13, 12].map((id) => shown(objects.get(id))),
      getting_started: shown(objects.get(10)),
      home: shown(objects.get(3)),
    }),
  ],
  [
    'GET',
    '/api/campanile/v1/objects',
    ({ url }) => {
      const parent = url.searchParams.get('parent_id') ? Number(url.searchParams.get('parent_id')) : null;
      const ancestors = [];
      for (let o = objects.get(parent); o; o = objects.get(o.parent_id))
        ancestors.unshift({ object_id: o.object_id, name: o.name });
      return {
        objects: [...objects.values()].filter((o) => o.parent_id === parent && !o.trashed).map(shown),
        ancestors,
      };
    },
  ],
  [
    'POST',
    '/api/campanile/v1/objects',
    ({ body }) => {
      const id = nextId++;
      const name = body.name ?? 'Untitled';
      if (body.object_type === 'NOTEBOOK') addNotebook(id, name, [{ src: '' }]);
      return shown(object(id, name, body.parent_id ?? 3, body.object_type, { modified_at: Date.now() }));
    },
  ],
  [
    'POST',
    /^\/api\/campanile\/v1\/objects\/(\d+)\/(move|trash|restore)$/,
    ({ body, found }) => {
      const o = objects.get(Number(found[1]));
      if (found[2] === 'move') Object.assign(o, body);
      else o.trashed = found[2] === 'trash';
      const notebook = findNotebook(found[1]);
      if (notebook && body.name) notebook.name = body.name;
      return shown(o);
    },
  ],
  [
    'GET',
    /^\/api\/campanile\/v1\/notebooks\/(\d+)$/,
    ({ found }) =>
      findNotebook(found[1])?.snapshot() ?? {
        status: 404,
        json: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No such notebook' },
      },
  ],
  [
    'GET',
    /^\/api\/campanile\/v1\/notebooks\/(\d+)\/runs\/(\d+)\/output.txt$/,
    ({ found }) => ({
      text: (findNotebook(found[1])?.outputs.get(Number(found[2])) ?? [])
        .filter((o) => o.kind === 'stream')
        .map((o) => o.text)
        .join(''),
    }),
  ],
  ...historyRoutes,
  ...volumeRoutes,
  ...libraryRoutes,
  ...costRoutes,
  ...policyRoutes,
  ...nodeLogRoutes,
  ['GET', WORKSPACES, () => workspaces],
  ['GET', '/api/campanile/v1/audit', () => ({ events })],
  ['GET', '/api/2.1/clusters/list', () => ({ clusters })],
  [
    'GET',
    '/api/2.1/clusters/get',
    ({ url }) =>
      clusters.find((c) => c.cluster_id === url.searchParams.get('cluster_id')) ?? {
        status: 400,
        json: { error_code: 'INVALID_PARAMETER_VALUE', message: 'No such cluster' },
      },
  ],
  [
    'GET',
    '/api/2.1/clusters/list-node-types',
    () => ({
      node_types: [1024, 2048, 4096].map((memory_mb, i) => ({
        node_type_id: `local.${['small', 'medium', 'large'][i]}`,
        memory_mb,
        num_cores: 2,
      })),
    }),
  ],
  [
    'GET',
    '/api/2.1/clusters/spark-versions',
    () => ({ versions: [{ key: '4.0.x-scala2.13', name: '4.0 (includes Apache Spark 4.0.1, Scala 2.13)' }] }),
  ],
  [
    'GET',
    '/api/2.0/policies/clusters/list',
    () => ({
      policies: [
        {
          policy_id: 'A1',
          name: 'Small and short',
          definition: JSON.stringify({
            autotermination_minutes: { type: 'range', maxValue: 60, defaultValue: 30 },
          }),
        },
      ],
    }),
  ],
  [
    'GET',
    '/api/2.0/instance-pools/list',
    () => ({
      instance_pools: [
        {
          instance_pool_id: '1127-114000-pool-k3jd8s2a',
          instance_pool_name: 'Small nodes',
          node_type_id: 'local.small',
          min_idle_instances: 2,
          max_capacity: 6,
          idle_instance_autotermination_minutes: 60,
          stats: { idle_count: 1, used_count: 3, pending_idle_count: 1, pending_used_count: 0 },
          status: { pending_instance_errors: [{ message: 'Not enough memory: local.small needs 1792 MiB' }] },
        },
      ],
    }),
  ],
  ['POST', '/api/2.1/clusters/create', ({ body }) => createCluster(body)],
  ['POST', '/api/2.1/clusters/edit', ({ body }) => editCluster(body)],
  ['POST', '/api/2.1/clusters/resize', ({ body }) => resizeCluster(body)],
  ['POST', '/api/2.1/clusters/start', ({ body }) => change(body, 'PENDING', 'RUNNING')],
  ['POST', '/api/2.1/clusters/delete', ({ body }) => change(body, 'TERMINATING', 'TERMINATED')],
  ['POST', '/api/2.1/clusters/pin', ({ body }) => editCluster({ ...body, pinned_by_user_name: 'admin' })],
  ['POST', '/api/2.1/clusters/unpin', ({ body }) => editCluster({ ...body, pinned_by_user_name: undefined })],
  [
    'POST',
    '/api/2.1/clusters/change-owner',
    ({ body }) =>
      body.owner_username.includes('@')
        ? editCluster({ cluster_id: body.cluster_id, creator_user_name: body.owner_username })
        : {
            status: 400,
            json: {
              error_code: 'INVALID_PARAMETER_VALUE',
              message: `owner_username must be an active user or service principal of this workspace: ${body.owner_username}`,
            },
          },
  ],
  [
    'POST',
    '/api/2.1/clusters/events',
    ({ body }) => {
      const all = clusterEvents.filter((e) => !body.event_types || body.event_types.includes(e.type));
      const from = Number(body.page_token || 0);
      const next = from + body.page_size;
      return {
        total_count: all.length,
        events: all.slice(from, next).map((e) => ({ ...e, cluster_id: body.cluster_id })),
        next_page_token: next < all.length ? String(next) : undefined,
      };
    },
  ],
  ['GET', '/api/2.0/token/list', () => ({ token_infos: tokens })],
  [
    'POST',
    '/api/2.0/token/create',
    ({ body }) => {
      const info = {
        token_id: String(Math.random()).slice(2),
        comment: body.comment,
        creation_time: Date.now(),
        expiry_time: body.lifetime_seconds ? Date.now() + body.lifetime_seconds * 1000 : -1,
      };
      tokens.push(info);
      return { token_value: 'dapi0123456789abcdef0123456789abcdef', token_info: info };
    },
  ],
  [
    'POST',
    '/api/2.0/token/delete',
    ({ body }) => {
      tokens = tokens.filter((t) => t.token_id !== body.token_id);
      return {};
    },
  ],
  [
    'GET',
    '/api/2.0/workspace/export',
    () => ({ content: Buffer.from('{"cells":[]}').toString('base64'), file_type: 'ipynb' }),
  ],
  ['POST', '/api/2.0/workspace/import', () => ({})],
  [
    'GET',
    /^\/api\/campanile\/v1\/results\/r(\d+)\/rows$/,
    ({ url, found }) => {
      const total = Number(found[1]);
      const offset = Number(url.searchParams.get('offset'));
      const limit = Number(url.searchParams.get('limit'));
      let all = Array.from({ length: Math.min(limit, Math.max(0, total - offset)) }, (_, i) =>
        rowAt(offset + i),
      );
      let matching = total;
      const filter = JSON.parse(url.searchParams.get('filter') ?? '[]');
      const sort = url.searchParams.get('sort');
      if (filter.length > 0 || (sort && total <= 10000)) {
        all = Array.from({ length: Math.min(total, 20000) }, (_, i) => rowAt(i));
        for (const f of filter)
          all = all.filter((r) =>
            String(r[COLUMNS.findIndex((c) => c.name === f.column)] ?? '')
              .toLowerCase()
              .includes((f.value ?? '').toLowerCase()),
          );
        const [column, order] = (sort ?? '').split(':');
        const at = COLUMNS.findIndex((c) => c.name === column);
        const compare = (a, b) =>
          at === 0 || at === 3 ? a[at] - b[at] : String(a[at]).localeCompare(String(b[at]));
        if (at >= 0) all.sort((a, b) => (order === 'desc' ? -1 : 1) * compare(a, b));
        matching = all.length;
        all = all.slice(offset, offset + limit);
      }
      return { rows: all, offset, total, matching };
    },
  ],
  [
    'GET',
    /^\/api\/campanile\/v1\/results\/r(\d+)\/profile$/,
    () =>
      COLUMNS.map((c, i) => ({
        name: c.name,
        type: c.type,
        nulls: i === 2 ? 4 : 0,
        distinct_approx: [25, 10, 4, 25, 25][i],
        min: rowAt(0)[i],
        max: rowAt(24)[i],
        ...(i === 0 || i === 3
          ? {
              mean: 12.5,
              histogram: Array.from({ length: 12 }, (_, b) => ({ from: b, to: b + 1, count: (b * 7) % 11 })),
            }
          : {
              top: [
                { value: rowAt(1)[i], count: 5 },
                { value: rowAt(2)[i], count: 3 },
              ],
            }),
      })),
  ],
];

function createCluster(body) {
  const cluster_id = `1123-${String(100_000 + clusters.length)}-made`;
  clusters.push({
    ...body,
    cluster_id,
    state: 'PENDING',
    creator_user_name: 'admin',
    start_time: Date.now(),
  });
  return { cluster_id };
}

function editCluster({ cluster_id, ...spec }) {
  Object.assign(
    clusters.find((c) => c.cluster_id === cluster_id),
    spec,
  );
  return {};
}

function resizeCluster({ cluster_id, num_workers, autoscale }) {
  const target = num_workers ?? autoscale.min_workers;
  editCluster({ cluster_id, num_workers: target, autoscale });
  const executors = Array.from({ length: target }, (_, i) => ({ node_id: `worker-${i}` }));
  setTimeout(() => editCluster({ cluster_id, executors }), 1500);
  return change({ cluster_id }, 'RESIZING', 'RUNNING');
}

function change(body, now, then) {
  const c = clusters.find((x) => x.cluster_id === body.cluster_id);
  c.state = now;
  setTimeout(() => {
    c.state = then;
  }, 1500);
  return {};
}

export async function api(req, res, url) {
  let raw = '';
  for await (const chunk of req) raw += chunk;
  const answer = (status, json) => {
    res.writeHead(status, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify(json));
  };
  if (url.pathname === '/api/dev/drop') {
    for (const socket of sockets) socket.destroy();
    return answer(200, {});
  }
  if (!url.pathname.endsWith('/login') && !state.signedIn(req))
    return answer(401, { error_code: 'UNAUTHENTICATED', message: 'Sign in first' });
  for (const [method, path, handle] of routes) {
    const found =
      typeof path === 'string' ? (path === url.pathname ? [path] : null) : path.exec(url.pathname);
    if (method !== req.method || !found) continue;
    const result = handle({ body: raw ? JSON.parse(raw) : {}, url, found, res });
    if (result.status) return answer(result.status, result.json);
    if (result.text !== undefined) return res.end(result.text);
    return answer(200, result);
  }
  return answer(404, { error_code: 'ENDPOINT_NOT_FOUND', message: `No API ${req.method} ${url.pathname}` });
}
