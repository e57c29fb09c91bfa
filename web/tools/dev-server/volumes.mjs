// Volumes of main.default and their files, in memory.
const ROOT = '/Volumes/main/default';
const hour = 3_600_000;
let volumes = ['measurements', 'reports', 'uploads'].map((name, i) =>
  volume(name, i === 0 ? 'What the stations send, by day' : ''),
);
const files = new Map([
  [`${ROOT}/measurements/2026`, null],
  [`${ROOT}/measurements/2026/part-00000.parquet`, 48_213_004],
  [`${ROOT}/measurements/stations.csv`, 18_450],
  [
    `${ROOT}/measurements/A rather long name of a file that somebody uploaded in the middle of the night.json`,
    1_204,
  ],
]);

function volume(name, comment) {
  return {
    name,
    full_name: `main.default.${name}`,
    owner: 'ada@example.com',
    ...(comment ? { comment } : {}),
    created_at: Date.now() - 70 * hour,
  };
}

const missing = { status: 404, json: { error_code: 'NOT_FOUND', message: 'It does not exist' } };

export const volumeRoutes = [
  ['GET', '/api/2.1/unity-catalog/volumes', () => ({ volumes })],
  [
    'POST',
    '/api/2.1/unity-catalog/volumes',
    ({ body }) => {
      if (volumes.some((v) => v.name === body.name))
        return {
          status: 400,
          json: {
            error_code: 'RESOURCE_ALREADY_EXISTS',
            message: `Volume 'main.default.${body.name}' already exists`,
          },
        };
      volumes.push(volume(body.name, body.comment));
      return volumes.at(-1);
    },
  ],
  [
    'DELETE',
    /^\/api\/2\.1\/unity-catalog\/volumes\/main\.default\.(.+)$/,
    ({ found }) => {
      volumes = volumes.filter((v) => v.name !== found[1]);
      return {};
    },
  ],
  [
    'GET',
    /^\/api\/2\.0\/fs\/directories(\/.+)$/,
    ({ found }) => {
      const path = decodeURIComponent(found[1]);
      if (!files.has(path) && !volumes.some((v) => path === `${ROOT}/${v.name}`)) return missing;
      const contents = [...files].filter(([file]) => file.slice(0, file.lastIndexOf('/')) === path);
      return {
        contents: contents.map(([file, size]) => ({
          path: file,
          name: file.slice(file.lastIndexOf('/') + 1),
          is_directory: size === null,
          file_size: size,
          last_modified: Date.now() - 5 * hour,
        })),
      };
    },
  ],
];
