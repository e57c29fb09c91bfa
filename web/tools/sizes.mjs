// Prints what the notebook page loads, gzipped, and fails when a budget is broken.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { web } from './steps.mjs';

const KB = 1000;
const BUDGET = { interactive: 260 * KB, editor: 120 * KB, chunk: 250 * KB };
const manifest = JSON.parse(readFileSync(join(web, 'dist/.vite/manifest.json'), 'utf8'));
const size = (file) => gzipSync(readFileSync(join(web, 'dist', file)), { level: 9 }).length;

/** A chunk and everything it imports statically. */
function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = closure([entry, 'src/notebook/index.ts']);
const editor = [...closure(['src/notebook/editor/index.ts'])].filter((key) => !first.has(key));
const total = (keys) => [...keys].reduce((sum, key) => sum + size(manifest[key].file), 0);
const problems = [];

function report(name, bytes, budget) {
  const over = bytes > budget;
  console.log(
    `${name.padEnd(44)} ${(bytes / KB).toFixed(1).padStart(7)} kB gz of ${budget / KB}${over ? '  OVER' : ''}`,
  );
  if (over) problems.push(name);
}

report('notebook route before it is interactive', total(first), BUDGET.interactive);
report('code editor, loaded after the first paint', total(editor), BUDGET.editor);
const chunks = Object.values(manifest).filter((c) => c.file.endsWith('.js'));
const charts = (c) => c.src?.includes('results/chart');
const largest = chunks.filter((c) => !charts(c)).sort((a, b) => size(b.file) - size(a.file))[0];
report(`largest other chunk (${largest.file.split('/').pop()})`, size(largest.file), BUDGET.chunk);
for (const c of chunks.filter(charts))
  console.log(
    `${'charts, loaded with the first chart'.padEnd(44)} ${(size(c.file) / KB).toFixed(1).padStart(7)} kB gz`,
  );
if (problems.length > 0) {
  console.error(`Over budget: ${problems.join(', ')}`);
  process.exit(1);
}
