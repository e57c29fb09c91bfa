import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const web = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs one program to its end; its failure is ours. */
export function run(program, ...args) {
  const windows = process.platform === 'win32';
  const { status, error } = spawnSync(program, args, { cwd: web, stdio: 'inherit', shell: windows });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

export function tool(path, ...args) {
  run(process.execPath, join(web, 'node_modules', path), ...args);
}

/** `npm ci` throws everything away first, so it runs only when the lock file is not what was installed. */
export function install() {
  const mark = join(web, 'node_modules', '.installed');
  const lock = createHash('sha256')
    .update(readFileSync(join(web, 'package-lock.json')))
    .digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  run('npm', 'ci', '--no-audit', '--no-fund');
  writeFileSync(mark, lock);
}
