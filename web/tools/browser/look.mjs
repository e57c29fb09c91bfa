// Opens every page of the built application against the scripted server in a real Chromium, light and dark, runs
// axe-core on each and leaves pictures. Usage: node tools/browser/look.mjs <folder for pictures> [part of a name]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:8701';
const [folder = 'target/look', only = ''] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );

const show = async (page, index, wait = 900) => {
  const cell = page.getByTestId('cell').nth(index);
  await cell.getByRole('button', { name: 'Run cell' }).click();
  await page.waitForTimeout(wait);
  return cell;
};

const narrow = async (page) => {
  await page.setViewportSize({ width: 400, height: 800 });
  await page.waitForTimeout(300);
};

const openRow = (page) =>
  page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .press('Enter');

const SIZE = { width: 1280, height: 860 };

/** name, address, what to do before the picture. */
const PAGES = [
  ['home', '/'],
  ['browse', '/browse/folders/3'],
  [
    'browse-menu',
    '/browse/folders/3',
    (p) => p.getByRole('button', { name: 'Actions for Getting started' }).click(),
  ],
  ['browse-empty', '/browse/folders/14'],
  ['clusters', '/compute/clusters'],
  ['cluster', '/compute/clusters/1123-084500-abcd'],
  ['policies', '/compute/policies'],
  ['policy-new', '/compute/policies/new', (p) => p.waitForTimeout(900)],
  ['policy', '/compute/policies/0000A1', (p) => p.waitForTimeout(900)],
  [
    'clusters-narrow',
    '/compute/clusters?pinned=1',
    async (p) => {
      await p.setViewportSize({ width: 400, height: 800 });
      await p.waitForTimeout(300);
    },
  ],
  ['clusters-none', '/compute/clusters?q=nothing'],
  ['cluster-logs', '/compute/clusters/1123-084500-abcd/logs', (p) => p.waitForTimeout(800)],
  [
    'cluster-logs-search',
    '/compute/clusters/1123-084500-abcd/logs',
    async (p) => {
      await p.getByRole('searchbox').fill('lost task');
      await p.getByRole('button', { name: 'Previous match' }).click();
      await p.waitForTimeout(500);
    },
  ],
  [
    'cluster-logs-narrow',
    '/compute/clusters/1123-084500-abcd/logs',
    async (p) => {
      await narrow(p);
      await p.waitForTimeout(500);
    },
  ],
  ['cluster-logs-none', '/compute/clusters/1123-090000-efgh/logs'],
  ['cluster-metrics', '/compute/clusters/1123-084500-abcd/metrics'],
  ['cluster-metrics-narrow', '/compute/clusters/1123-084500-abcd/metrics', narrow],
  ['cluster-metrics-none', '/compute/clusters/1123-090000-efgh/metrics'],
  ['cluster-events', '/compute/clusters/1123-084500-abcd/events'],
  ['cluster-libraries', '/compute/clusters/1123-084500-abcd/libraries'],
  ['cluster-libraries-narrow', '/compute/clusters/1123-084500-abcd/libraries', narrow],
  [
    'cluster-libraries-install',
    '/compute/clusters/1123-084500-abcd/libraries',
    async (page) => {
      await page.getByRole('button', { name: 'Install library' }).click();
      await page.getByLabel('Coordinates').fill('org.jsoup:jsoup:1.15.3');
    },
  ],
  [
    'cluster-events-narrow',
    '/compute/clusters/1123-084500-abcd/events',
    async (p) => {
      await p.setViewportSize({ width: 400, height: 800 });
      await p.getByLabel('Cause').selectOption('failure');
      await p.waitForTimeout(600);
    },
  ],
  [
    'cluster-owner',
    '/compute/clusters/1123-090000-efgh',
    async (p) => {
      await p.getByRole('button', { name: /^Actions for/ }).click();
      await p.getByRole('menuitem', { name: 'Change owner' }).click();
      await p.getByLabel('New owner').fill('bob@example.com');
    },
  ],
  [
    'cluster-menu',
    '/compute/clusters/1123-084500-abcd',
    (p) => p.getByRole('button', { name: /^Actions for/ }).click(),
  ],
  [
    'cluster-new',
    '/compute/clusters/new',
    async (p) => {
      await p.getByText('Spark settings, environment and tags').click();
      await p.getByLabel('Environment variables').fill('STAGE');
    },
  ],
  [
    'cluster-json',
    '/compute/clusters/1123-084500-abcd/edit',
    (p) => p.getByRole('button', { name: 'JSON' }).click(),
  ],
  ['usage', '/compute/usage'],
  ['usage-narrow', '/compute/usage?by=tag&tag=team', narrow],
  ['budgets', '/compute/budgets'],
  ['budgets-narrow', '/compute/budgets', narrow],
  ['budget-new', '/compute/budgets', (p) => p.getByRole('button', { name: 'New budget' }).click()],
  ['volumes', '/explore/data'],
  ['volumes-narrow', '/explore/data', narrow],
  ['volume-new', '/explore/data', (p) => p.getByRole('button', { name: 'Create volume' }).click()],
  ['volume-menu', '/explore/data', (p) => p.getByRole('button', { name: 'Actions for reports' }).click()],
  ['volume-files', '/explore/data/main/default/volumes/measurements'],
  ['volume-files-narrow', '/explore/data/main/default/volumes/measurements', narrow],
  ['volume-empty', '/explore/data/main/default/volumes/uploads'],
  ['workspaces', '/admin/workspaces'],
  ['audit', '/admin/audit', openRow],
  [
    'audit-narrow',
    '/admin/audit',
    async (p) => {
      await narrow(p);
      await openRow(p);
    },
  ],
  ['tokens', '/settings/tokens'],
  ['token-new', '/settings/tokens', (p) => p.getByRole('button', { name: 'New token' }).click()],
  ['appearance', '/settings/appearance'],
  ['keyboard', '/settings/keyboard'],
  ['unbuilt', '/jobs'],
  ['missing', '/nowhere'],
  ['palette', '/', (p) => p.keyboard.press('Control+Shift+P')],
  ['open', '/', (p) => p.keyboard.press('Control+k')],
  [
    'notebook',
    '/editor/notebooks/10',
    async (p) => {
      await show(p, 1, 3500);
      await show(p, 2, 1800);
    },
  ],
  [
    'chart',
    '/editor/notebooks/10',
    async (p) => {
      const cell = await show(p, 2, 4500);
      await cell.getByRole('tab', { name: 'Chart' }).click();
      await cell.locator('.chart-canvas').scrollIntoViewIfNeeded();
      await p.waitForTimeout(900);
    },
  ],
  [
    'profile',
    '/editor/notebooks/10',
    async (p) => {
      const cell = await show(p, 2, 4500);
      await cell.getByRole('tab', { name: 'Profile' }).click();
      await p.waitForTimeout(500);
    },
  ],
  [
    'outputs',
    '/editor/notebooks/13',
    async (p) => {
      await show(p, 0, 4000);
      await show(p, 1, 400);
      await show(p, 4, 800);
    },
  ],
  [
    'long',
    '/editor/notebooks/13',
    async (p) => {
      await show(p, 2, 3500);
      await p.getByRole('button', { name: /Show all/ }).click();
      await p.waitForTimeout(600);
    },
  ],
  [
    'rows',
    '/editor/notebooks/13',
    async (p) => {
      const cell = await show(p, 3, 5000);
      await cell.getByRole('button', { name: 'Filter' }).click();
      await cell.getByTestId('result-grid').click();
      await p.keyboard.press('Control+End');
      await p.waitForTimeout(900);
    },
  ],
  [
    'running',
    '/editor/notebooks/13',
    async (p) => {
      await show(p, 5, 400);
      await show(p, 6, 3000);
    },
  ],
  ['history', '/editor/notebooks/10/history'],
  ['history-change', '/editor/notebooks/10/history?shown=e64', (p) => p.waitForTimeout(900)],
  [
    'history-all-lines',
    '/editor/notebooks/10/history?shown=v1&against=now',
    async (p) => {
      await p.getByRole('button', { name: 'Show all lines' }).click();
      await p.waitForTimeout(900);
    },
  ],
  [
    'history-named',
    '/editor/notebooks/10/history?shown=v1',
    async (p) => {
      await p.getByRole('button', { name: 'Named versions' }).click();
      await p.getByRole('button', { name: 'Restore this version' }).click();
    },
  ],
  [
    'history-name',
    '/editor/notebooks/10/history?shown=e42',
    (p) => p.getByRole('button', { name: 'Name this version' }).click(),
  ],
  [
    'history-narrow',
    '/editor/notebooks/10/history',
    async (p) => {
      await p.setViewportSize({ width: 420, height: 800 });
      await p.waitForTimeout(400);
    },
  ],
  [
    'history-narrow-change',
    '/editor/notebooks/10/history?shown=e64',
    async (p) => {
      await p.setViewportSize({ width: 420, height: 800 });
      await p.waitForTimeout(900);
    },
  ],
  ['shortcuts', '/editor/notebooks/13', (p) => p.getByRole('button', { name: 'Notebook actions' }).click()],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
});
let bad = 0;
for (const theme of ['light', 'dark']) {
  const context = await browser.newContext({
    viewport: SIZE,
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('pageerror', (e) => complain(theme, 'page error', e.stack));
  page.on('console', (m) => {
    if (m.type() === 'error' && !/401|404|violates the following Content Security Policy/.test(m.text()))
      complain(theme, 'console', m.text());
  });
  await page.goto(`${base}/login`);
  await page.getByTestId('login-user').waitFor();
  if ('login'.includes(only)) await look(page, theme, 'login');
  await page.getByTestId('login-user').fill('admin');
  await page.getByTestId('login-password').fill('admin');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${base}/`);
  for (const [name, path, act] of PAGES.filter(([name]) => name.includes(only))) {
    await page.setViewportSize(SIZE);
    await page.goto(base + path);
    await page.waitForTimeout(700);
    if (act) await act(page);
    await page.waitForTimeout(300);
    await look(page, theme, name);
  }
  await context.close();
}
await browser.close();
console.log(bad === 0 ? 'No violations' : `${bad} problems`);
process.exit(bad === 0 ? 0 : 1);

function complain(...words) {
  bad++;
  console.log(...words);
}

async function look(page, theme, name) {
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  for (const v of violations) {
    complain(theme, name, v.id, v.impact, v.help);
    for (const node of v.nodes.slice(0, 3))
      console.log(
        '   ',
        node.target.join(' '),
        '|',
        (node.any[0] ?? node.all[0] ?? node.none[0])?.message?.slice(0, 220),
      );
  }
}
