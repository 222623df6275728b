// Makes the README's picture from the real program: the field host with its real app and backend, in Debian's Chromium.
// `cargo xtask screenshot` builds what it needs and runs it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = process.env.VELDBOEK_FIELDHOST ?? here('../../target/debug/veldboek-fieldhost');
const file = here('../screenshots/checklist.png');
/** What was filled in before the picture: first what the backend has received, then what waits. */
const RECEIVED = { A1: 'melding', B1: 'ja', B2: 'nee', F1: 'ja' };
const WAITING = { F2: 'ja', F3: 'nee' };
const BUILDING = 'Kapschuur';
const PART = 'F';

const host = spawn(binary, ['--state', 'open'], { stdio: ['pipe', 'pipe', 'inherit'] });
const line = await new Promise((resolve) => createInterface({ input: host.stdout }).once('line', resolve));
const { host: address } = JSON.parse(line);

async function command(name, request = {}) {
  const response = await fetch(`${address}/opdracht/${name}`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  return response.json();
}

async function answer(inspection, building, answers) {
  for (const [question, code] of Object.entries(answers)) {
    const slot = question.startsWith(PART) ? `${question}@${building}` : question;
    const value = { type: 'choice', value: code };
    await command('write', { inspection, register: `answer:${slot}`, value });
  }
}

async function addBuilding(inspection) {
  const fields = [['name', { type: 'text', value: BUILDING }]];
  const group = { set: 'group', group: 'gebouw' };
  const added = await command('add_item', {
    inspection,
    set: group,
    slot: null,
    parent: null,
    fields,
    regime: null,
  });
  return added.item;
}

const browser = await chromium.launch({
  executablePath: process.env.VELDBOEK_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const { rows } = await command('today');
  const { inspection } = rows[2];
  const building = await addBuilding(inspection);
  await answer(inspection, building, RECEIVED);
  await command('sync_now');
  await answer(inspection, building, WAITING);
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: 'nl-NL',
    reducedMotion: 'reduce',
  });
  await page.goto(`${address}/#/controle/${inspection}/deel/${PART}?item=${building}`);
  await page.getByRole('heading', { level: 3 }).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: file });
  console.log(file);
} finally {
  await browser.close();
  host.stdin.end();
}
