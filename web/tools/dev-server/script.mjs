// What a cell does is read off its source: enough to see every kind of output.
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
const RESULT = 'application/vnd.campanile.result.v1+json';
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

export const COLUMNS = [
  { name: 'n_nationkey', type: 'bigint', nullable: false },
  { name: 'n_name', type: 'string', nullable: true },
  { name: 'region', type: 'string', nullable: true },
  { name: 'revenue', type: 'decimal(15,2)', nullable: true },
  { name: 'day', type: 'date', nullable: true },
];

export async function script(src, put, progress, canceled) {
  const out = (text, name = 'stdout') => put({ kind: 'stream', name, text });
  if (src.includes('%sql') || src.includes('spark.sql')) {
    for (let i = 0; i <= 24; i++) {
      if (canceled()) return 'canceled';
      progress({
        stages: [
          { id: 3, tasks: 16, completed: Math.min(16, i), bytes: i * 410000 },
          { id: 4, tasks: 8, completed: Math.max(0, i - 16) },
        ],
        tasks: 24,
        completed: i,
        running: 2,
        elapsed_ms: i * 60,
      });
      await pause(src.includes('slow') ? 400 : 30);
    }
    const rows = Number(/limit (\d+)/i.exec(src)?.[1] ?? 1000000);
    put({
      kind: 'display',
      data: {
        [RESULT]: {
          result_id: `r${rows}`,
          columns: COLUMNS,
          rows,
          truncated: rows === 1000000,
          bytes: rows * 41,
        },
        'text/plain': `[${rows} rows]`,
      },
      metadata: {},
    });
    return 'ok';
  }
  if (src.includes('throw')) {
    out('before the failure\n');
    put({
      kind: 'error',
      ename: 'ArithmeticException',
      evalue: '/ by zero',
      traceback: ['java.lang.ArithmeticException: / by zero', '  at cell line 2'],
      campanile: {
        message: '/ by zero',
        cell_line: 2,
        cell_column: 13,
        kind: 'runtime',
        frames: [
          { text: 'divide(int, int) — line 2', line: 2, library: false },
          {
            text: 'java.base/java.util.stream.ReferencePipeline.map(ReferencePipeline.java:197)',
            library: true,
          },
          { text: 'java.base/java.util.AbstractList.forEach(AbstractList.java:120)', library: true },
          { text: 'main — line 5', line: 5, library: false },
        ],
      },
    });
    return 'error';
  }
  if (src.includes('ansi')) {
    out(
      '\u001b[1mStep 1\u001b[0m resolve \u001b[32mok\u001b[0m\n\u001b[33mwarning\u001b[0m: 2 deprecations\n\u001b[31mfailed\u001b[0m \u001b[38;5;208morange\u001b[0m\n',
    );
    out('to stderr: careful\n', 'stderr');
    for (let i = 0; i <= 20; i++) {
      out(`\rprogress ${'█'.repeat(i)}${'░'.repeat(20 - i)} ${i * 5}%`);
      await pause(20);
    }
    out('\n');
    return 'ok';
  }
  const lines = Number(/lines\((\d+)\)/.exec(src)?.[1] ?? 0);
  for (let i = 0; i < lines; i += 500) {
    out(
      Array.from({ length: Math.min(500, lines - i) }, (_, k) => `line ${i + k + 1} of the output\n`).join(
        '',
      ),
    );
    if (i % 5000 === 0) await pause(10);
  }
  if (lines > 0) return 'ok';
  if (src.includes('sleep')) {
    for (let i = 0; i < 100; i++) {
      if (canceled()) return 'canceled';
      await pause(100);
      if (i % 10 === 0) out(`tick ${i / 10}\n`);
    }
    return 'ok';
  }
  if (src.includes('html')) {
    put({
      kind: 'display',
      data: {
        'text/html':
          '<table><tr><th>part</th><th>state</th></tr><tr><td>door</td><td><b>closed</b></td></tr><tr><td>bell</td><td>ringing</td></tr></table><script>parent.hacked=1;document.body.append("script ran")</script><img src=x onerror="parent.hacked=1">',
        'text/plain': 'table',
      },
      metadata: {},
    });
    put({ kind: 'display', data: { 'image/png': PIXEL, 'text/plain': 'a square' }, metadata: {} });
    put({
      kind: 'display',
      data: { 'text/markdown': '**Bold** and a [link](https://example.org) <script>alert(1)</script>' },
      metadata: {},
    });
    put({ kind: 'display', data: { 'application/json': { a: [1, 2, { b: null }] } }, metadata: {} });
    return 'ok';
  }
  if (/^\s*\d+\s*\+\s*\d+\s*;?\s*$/.test(src)) {
    put({
      kind: 'result',
      data: {
        'text/plain': String(
          src
            .replace(';', '')
            .split('+')
            .reduce((a, b) => a + Number(b), 0),
        ),
      },
      metadata: {},
    });
    return 'ok';
  }
  const printed = [...src.matchAll(/println\("([^"]*)"\)/g)].map((m) => `${m[1]}\n`).join('');
  if (printed) out(printed);
  return 'ok';
}
