// The history of the scripted server's notebooks: the same for each, so that every kind of row and difference is there.
const minute = 60_000;
const now = Date.now();
const NONE = { added: 0, removed: 0, edited: 0, moved: 0, settings: 0, replaced: false, language: false };

const entry = (first, revision, actor, ago, what) => ({
  ...NONE,
  first_revision: first,
  revision,
  actor,
  since: now - (ago + 4) * minute,
  at: now - ago * minute,
  ...what,
});

const entries = [
  entry(64, 71, 'admin', 3, { edited: 2, moved: 1 }),
  entry(60, 63, 'admin', 28, { edited: 1, restored: { revision: 41, at: now - 95 * minute } }),
  entry(42, 59, 'grace.hopper@example.com', 44, { added: 3, removed: 1, edited: 4 }),
  entry(30, 41, 'admin', 95, { edited: 1, settings: 1 }),
  entry(22, 29, 'admin', 26 * 60, { language: true, added: 1 }),
  entry(9, 21, 'grace.hopper@example.com', 27 * 60, { removed: 2 }),
  entry(1, 8, 'admin', 9 * 24 * 60, { replaced: true }),
];

let nextVersion = 3;
const versions = [
  {
    version_id: 1,
    name: 'Sent to finance',
    description: 'The figures of the quarterly report.',
    revision: 41,
    revision_at: now - 95 * minute,
    created_by: 'admin',
    created_at: now - 90 * minute,
  },
  {
    version_id: 2,
    name: 'Before the clean-up',
    description: '',
    revision: 21,
    revision_at: now - 27 * 60 * minute,
    created_by: 'grace.hopper@example.com',
    created_at: now - 26 * 60 * minute,
  },
];

const OLD = `import org.apache.spark.sql.functions.*;

Dataset<Row> nations = spark.table("samples.tpch.nation");
Dataset<Row> regions = spark.table("samples.tpch.region");
// every nation with its region
Dataset<Row> both = nations.join(regions,
    nations.col("n_regionkey").equalTo(regions.col("r_regionkey")));
both.cache();
both.count();

String title = "Nations";
int limit = 25;
boolean wide = false;
display(both.limit(limit));

${Array.from({ length: 14 }, (_, i) => `System.out.println("Region ${i}");`).join('\n')}`;
const NEW = OLD.replace('int limit = 25;', 'int limit = 100;\nString order = "n_name";').replace(
  '// every nation with its region\n',
  '',
);
const side = (type, lang, src, place) => ({ type, lang, src, place });

const diff = (from, to) => ({
  from,
  to,
  language: { before: 'JAVA', after: 'JAVA' },
  cells: [
    { cell: 'a', change: 'unchanged', moved: false, place: 1 },
    { cell: 'b', change: 'unchanged', moved: false, place: 2 },
    {
      cell: 'c',
      change: 'changed',
      moved: false,
      fields: ['source'],
      before: side('code', null, OLD, 3),
      after: side('code', null, NEW, 3),
    },
    {
      cell: 'd',
      change: 'added',
      moved: false,
      after: side(
        'code',
        'SQL',
        'select origin, avg(delay) as delay\nfrom samples.flights\ngroup by origin',
        4,
      ),
    },
    {
      cell: 'e',
      change: 'removed',
      moved: false,
      before: side('code', null, 'System.out.println(nations);', 4),
    },
    { cell: 'f', change: 'unchanged', moved: false, place: 5 },
    {
      cell: 'g',
      change: 'moved',
      moved: true,
      fields: [],
      before: side('markdown', 'MARKDOWN', '## Sources', 1),
      after: side('markdown', 'MARKDOWN', '## Sources', 6),
    },
    {
      cell: 'h',
      change: 'changed',
      moved: true,
      fields: ['source', 'settings'],
      before: side('markdown', 'MARKDOWN', 'A short text.', 6),
      after: side('markdown', 'MARKDOWN', 'A short and better text.', 7),
    },
  ],
});

const base = '\\/api\\/campanile\\/v1\\/notebooks\\/\\d+';
const at = (rest) => new RegExp(`^${base}\\/${rest}$`);
const number = (url, name) => Number(url.searchParams.get(name));

export const historyRoutes = [
  ['GET', at('history'), () => ({ entries })],
  ['GET', at('versions'), () => ({ versions })],
  [
    'POST',
    at('versions'),
    ({ body }) => {
      const named = versions.some((v) => v.name.toLowerCase() === body.name.toLowerCase());
      if (named)
        return {
          status: 400,
          json: {
            error_code: 'RESOURCE_ALREADY_EXISTS',
            message: `There is a version named ${body.name} already`,
          },
        };
      const made = {
        version_id: nextVersion++,
        revision_at: now - 3 * minute,
        created_by: 'admin',
        created_at: now,
      };
      versions.unshift({ description: '', ...body, ...made });
      return versions[0];
    },
  ],
  [
    'PATCH',
    at('versions\\/(\\d+)'),
    ({ body, found }) =>
      Object.assign(
        versions.find((v) => v.version_id === Number(found[1])),
        body,
      ),
  ],
  [
    'DELETE',
    at('versions\\/(\\d+)'),
    ({ found }) => {
      const index = versions.findIndex((v) => v.version_id === Number(found[1]));
      versions.splice(index, 1);
      return {};
    },
  ],
  ['GET', at('diff'), ({ url }) => diff(number(url, 'from'), number(url, 'to') || 71)],
  ['POST', at('restore'), ({ body }) => ({ restored: body.revision, before: 71, revision: 72 })],
];
