import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A tablet on its side, upright, and a small laptop. */
export const SIZES = [
  { width: 1280, height: 800 },
  { width: 800, height: 1280 },
  { width: 1024, height: 640 },
];

/** Debian's Chromium, without anything that goes to the network by itself. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.VELDBOEK_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that fails the test when the program throws or the content security policy is broken. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({
    viewport: SIZES[0],
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
  });
  return { page, problems };
}

/** The findings of the accessibility audit, each as one line. */
async function audit(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}`),
  );
}

/** Targets that are too small for a glove, and a page that is wider than the screen. */
async function measure(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the screen');
    for (const target of document.querySelectorAll('a, button, select, textarea, label:has(input)')) {
      const { width, height } = target.getBoundingClientRect();
      const style = getComputedStyle(target);
      if (width < 3 || height < 3 || style.position === 'absolute' || target.matches('label.label')) continue;
      if (width < 44 || height < 44)
        found.push(`${target.textContent.trim()} is ${Math.round(width)} by ${Math.round(height)}`);
    }
    return found;
  });
}

/** Audits what is on the screen: light and dark, and every size. */
export async function isAccessible(page: Page, sizes = SIZES): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of sizes) {
      await page.setViewportSize(size);
      const where = `${colorScheme}, ${size.width} by ${size.height}`;
      expect(await audit(page), where).toEqual([]);
      expect(await measure(page), where).toEqual([]);
    }
  }
  await page.setViewportSize(SIZES[0]!);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What a screen reader meets once the screen has settled: five looks in a row see the same. */
async function settled(page: Page, selector: string): Promise<string> {
  let last = '';
  for (let same = 0, looks = 0; same < 4 && looks < 100; looks += 1) {
    const now = await page.locator(selector).ariaSnapshot();
    same = now === last ? same + 1 : 0;
    last = now;
    await page.evaluate(() => new Promise((done) => setTimeout(done, 150)));
  }
  return last;
}

/** What a screen reader meets, without what differs between two runs. */
export async function outline(page: Page, selector = 'main'): Promise<string> {
  const snapshot = await settled(page, selector);
  return snapshot
    .replace(/\/url: .*/g, '/url: …')
    .replace(/\b(VB|BTP|AGRO)-\d{4}-[A-Z0-9-]+/g, '$1-…')
    .replace(/\b\d\d:\d\d(:\d\d)?\b/g, '…:…')
    .replace(/\b[0-9a-f]{8} [0-9a-f]{8} … [0-9a-f]{8}\b/g, '… sha …')
    .replace(/(concept|vastgesteld), [0-9a-f]{8}\b/g, '$1, … hash …')
    .replace(/https?:\/\/[\d.]+:\d+/g, 'http://…');
}
