import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import type { Browser, Page } from 'playwright-core';
import AxeBuilder from '@axe-core/playwright';
import { launch, openPage, outline } from './browser';

describe('the building blocks in all their states', () => {
  let server: ViteDevServer;
  let browser: Browser;
  let address = '';

  beforeAll(async () => {
    server = await createServer({ server: { port: 0, strictPort: false, hmr: false }, logLevel: 'error' });
    await server.listen();
    address = `${server.resolvedUrls?.local[0]}tests/parts/index.html`;
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  async function parts(theme: string): Promise<Page> {
    const { page } = await openPage(browser);
    await page.goto(`${address}?theme=${theme}`);
    await page.getByRole('heading', { name: 'Onderdelen en hun toestanden' }).waitFor();
    return page;
  }

  for (const theme of ['light', 'dark', 'contrast', 'contrast-dark']) {
    it(`hold WCAG 2.2 AA in the theme ${theme}`, async () => {
      const page = await parts(theme);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`))).toEqual([]);
      await page.context().close();
    });
  }

  it('have names for a screen reader', async () => {
    const page = await parts('light');
    expect(await outline(page)).toMatchSnapshot();
    await page.context().close();
  });

  it('let the keyboard choose an answer, and take it away again', async () => {
    const page = await parts('light');
    const group = page.getByRole('radiogroup', { name: 'Gekozen' });
    await group.getByRole('radio', { name: 'Ja' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await group.getByRole('radio', { name: 'Nee' }).isChecked()).toBe(true);
    await group.getByRole('radio', { name: 'Nee' }).click();
    expect(await group.getByRole('radio', { checked: true }).count()).toBe(0);
    await page.context().close();
  });

  it('keep a locked answer as it is', async () => {
    const page = await parts('light');
    const group = page.getByRole('radiogroup', { name: 'Op slot' });
    await group.getByText('Nee').click({ force: true });
    expect(await group.getByRole('radio', { name: 'Ja' }).isChecked()).toBe(true);
    await page.context().close();
  });

  it('draw a signature as strokes in a box of 1000 by 400', async () => {
    const page = await parts('light');
    const pad = page.getByRole('img', { name: 'Teken hier: M. Dekker' });
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.5);
    await page.mouse.up();
    const drawn = page.getByRole('img', { name: 'Handtekening van M. Dekker' });
    const path = await drawn.locator('path').nth(1).getAttribute('d');
    expect(path).toMatch(/^M(99|100|101) (199|200|201)L/);
    await page.context().close();
  });
});
