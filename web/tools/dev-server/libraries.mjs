// Libraries of clusters, as cluster-manager answers.
const MAVEN = (coordinates, more = {}) => ({ maven: { coordinates, ...more } });

const statuses = [
  { library: MAVEN('org.jsoup:jsoup:1.15.3'), status: 'INSTALLED' },
  {
    library: MAVEN('com.google.inject:guice:5.1.0', {
      exclusions: ['aopalliance:*'],
      repo: 'https://repository.example.com/m2',
    }),
    status: 'INSTALLED',
    messages: [
      "Left out, as Spark has its own: com.google.guava:guava:30.1-jre (Spark's is 32.0.0-jre), com.fasterxml.jackson.core:jackson-core:2.15.0 (Spark's is 2.18.2)",
    ],
  },
  { library: { jar: '/Volumes/main/default/jars/tools.jar' }, status: 'INSTALLING' },
  {
    library: MAVEN('org.jsoup:nothing:1.0'),
    status: 'FAILED',
    messages: [
      'Could not find artifact org.jsoup:nothing:jar:1.0 in repository-0 (https://repo1.maven.org/maven2/)',
    ],
  },
  { library: { jar: 'dbfs:/jars/old.jar' }, status: 'UNINSTALL_ON_RESTART' },
];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export const libraryRoutes = [
  [
    'GET',
    '/api/2.0/libraries/cluster-status',
    ({ url }) => ({ cluster_id: url.searchParams.get('cluster_id'), library_statuses: statuses }),
  ],
  [
    'POST',
    '/api/2.0/libraries/install',
    ({ body }) => {
      for (const library of body.libraries) {
        if (library.maven && library.maven.coordinates.split(':').length < 3)
          return {
            status: 400,
            json: {
              error_code: 'INVALID_PARAMETER_VALUE',
              message: `libraries[0].maven.coordinates must be groupId:artifactId:version, like org.jsoup:jsoup:1.15.3: ${library.maven.coordinates}`,
            },
          };
        statuses.push({ library, status: 'RESOLVING' });
      }
      return {};
    },
  ],
  [
    'POST',
    '/api/2.0/libraries/uninstall',
    ({ body }) => {
      for (const library of body.libraries) {
        const found = statuses.find((one) => same(one.library, library));
        if (found) found.status = 'UNINSTALL_ON_RESTART';
      }
      return {};
    },
  ],
];
