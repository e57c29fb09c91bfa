// Logs and measurements of the scripted server's clusters: a driver that goes on printing, and an earlier start.
const MINUTE = 60_000;
const begun = Date.now() - 20 * MINUTE;
const CLASSES = ['o.a.s.s.DAGScheduler', 'o.a.s.s.TaskSetManager', 'o.a.s.s.e.SparkPlan', 'o.a.s.u.Utils'];

function line(n) {
  const level = n % 97 === 0 ? 'ERROR' : n % 13 === 0 ? 'WARN ' : 'INFO ';
  const what =
    n % 97 === 0
      ? 'Lost task 3.0 in stage 12.0: java.io.IOException <b>not bold</b>'
      : `Finished task ${n % 8}.0 in stage ${Math.floor(n / 8)}.0 in ${20 + (n % 40)} ms`;
  return `${new Date(begun + n * 400).toISOString()} ${level} ${CLASSES[n % CLASSES.length]} ${what}\n`;
}

const text = (from, to) => Array.from({ length: to - from }, (_, n) => line(from + n)).join('');
const kept = text(0, 4000);
const log4j = () => text(0, Math.floor((Date.now() - begun) / 400));

const LOGS = {
  'driver-2/log4j': log4j,
  'driver-2/stderr': () =>
    'WARNING: Using incubator modules: jdk.incubator.vector\nERROR TaskSetManager Lost task 3.0\n',
  'worker-2/stderr': () => '',
  'driver-1/log4j': () => kept,
};

function info(key) {
  const [node_id, stream] = key.split('/');
  const size = LOGS[key]().length;
  const epoch = Number(node_id.at(-1));
  const worker = node_id.startsWith('worker');
  return {
    node_id,
    stream,
    role: worker ? 'WORKER' : 'DRIVER',
    executor_id: worker ? 0 : undefined,
    epoch,
    first_offset: 0,
    next_offset: size,
    size,
    first_at: begun - (2 - epoch) * 90 * MINUTE,
    last_at: epoch === 2 ? Date.now() : begun - 60 * MINUTE,
    live: epoch === 2,
  };
}

function page(key, params) {
  const all = LOGS[key]();
  const limit = Number(params.get('limit') ?? 262_144);
  const end = Math.min(all.length, Number(params.get('before') ?? all.length));
  const asked = params.get('offset');
  let from = Math.min(end, asked === null ? Math.max(0, end - limit) : Number(asked));
  if (asked === null && from > 0) from = all.indexOf('\n', from) + 1;
  const to = Math.min(end, from + limit);
  const next = to === all.length ? to : all.lastIndexOf('\n', to - 1) + 1;
  return { text: all.slice(from, next), offset: from, next, end: next === all.length };
}

const FIELDS = [
  'cores',
  'machine_cores',
  'machine_busy',
  'memory',
  'machine_memory',
  'machine_memory_free',
  'disk',
  'disk_free',
  'received',
  'sent',
];

function metrics(params) {
  const day = params.get('range') === 'day';
  const step = day ? 5 * MINUTE : 10_000;
  const to = Date.now();
  const from = to - (day ? 24 * 60 : 60) * MINUTE;
  const points = (shift) =>
    Array.from({ length: Math.floor((to - from) / step) }, (_, n) => n)
      .filter((n) => n % 200 < 150)
      .map((n) => {
        const wave = (1 + Math.sin((n + shift) / 17)) / 2;
        return [
          from + n * step,
          0.1 + 1.8 * wave,
          4,
          0.1 + 0.6 * wave,
          6e8 + 5e8 * wave,
          16e9,
          7e9 - 1e9 * wave,
          2e8 + n * 1e5,
          9e10,
          1e4 + 3e6 * wave * wave,
          5e3 + 1e5 * wave,
        ];
      });
  const node = (node_id, role, shift) => ({
    node_id,
    role,
    executor_id: role === 'WORKER' ? 0 : undefined,
    epoch: 2,
    live: true,
    memory_limit: 1.6e9,
    points: points(shift),
  });
  return {
    from,
    to,
    step,
    fields: FIELDS,
    nodes: [node('driver-2', 'DRIVER', 0), node('worker-2', 'WORKER', 9)],
  };
}

const empty = (path) => !path.includes('1123-084500-abcd');

const missing = {
  status: 404,
  json: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'There is no such log' },
};

export const nodeLogRoutes = [
  [
    'GET',
    /^\/api\/campanile\/v1\/clusters\/([^/]+)\/logs$/,
    ({ url }) => ({ logs: empty(url.pathname) ? [] : Object.keys(LOGS).map(info) }),
  ],
  [
    'GET',
    /^\/api\/campanile\/v1\/clusters\/[^/]+\/logs\/([^/]+\/[^/]+)$/,
    ({ url, found }) => (LOGS[found[1]] ? { status: 200, json: page(found[1], url.searchParams) } : missing),
  ],
  [
    'GET',
    /^\/api\/campanile\/v1\/clusters\/[^/]+\/metrics$/,
    ({ url }) =>
      empty(url.pathname) ? { ...metrics(url.searchParams), nodes: [] } : metrics(url.searchParams),
  ],
];
