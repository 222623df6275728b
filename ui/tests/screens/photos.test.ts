import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { InspectionView, Settings, Today } from '../../src/lib/platform/contract';
import { isAccessible, launch, openPage, outline } from './browser';
import { command, startHost, type FieldHost } from './host';

let browser: Browser;
let host: FieldHost;
let inspection: string;
beforeAll(async () => {
  browser = await launch();
  host = await startHost('open');
  inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
});
afterAll(async () => {
  host.stop();
  await browser.close();
});

async function visit(address: string): Promise<{ page: Page; problems: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(`${host.host}/${address}`);
  return opened;
}

describe('photos on their way', () => {
  it(
    'says on Synchronisatie that photos wait for wifi, until they may go',
    { timeout: 120_000 },
    async () => {
      const settings = await command<Settings>(host, 'settings');
      await command(host, 'change_settings', { ...settings, photos_on_mobile_data: false });
      await host.trial('mobile', { up: true });
      const { page, problems } = await visit('#/synchronisatie');
      const held = page.getByText('Foto’s wachten op wifi, want dit is een mobiele verbinding.');
      await held.waitFor();
      expect(await outline(page, 'aside')).toMatchSnapshot();
      await isAccessible(page);
      await page.getByRole('switch', { name: 'Foto’s over mobiele data' }).click();
      await held.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Pauzeer foto’s' }).click();
      await page.getByText('Foto’s wachten, want u hebt ze gepauzeerd.').waitFor();
      await page.getByRole('button', { name: 'Verzend foto’s weer' }).click();
      await host.trial('mobile', { up: false });
      expect(problems).toEqual([]);
      await page.context().close();
    },
  );

  it('shows a colleague’s photo small at first and whole once it is here', { timeout: 120_000 }, async () => {
    await host.trial('colleague_photo', { inspection, up: false });
    await command(host, 'sync_now');
    const view = await command<InspectionView>(host, 'open_inspection', { inspection });
    const photo = view.photos.find((one) => one.sha256 && !one.here)!;
    expect(photo.preview).toBe(true);
    const { page, problems } = await visit(`#/controle/${inspection}/foto/${photo.item}`);
    await page.getByText('Dit is een kleine versie. De foto zelf is hier nog niet.').waitFor();
    const width = () =>
      page
        .getByRole('region', { name: /^Foto/ })
        .locator('img')
        .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
    expect(await width()).toBeLessThanOrEqual(480);
    await isAccessible(page);
    await host.trial('colleague_photo', { up: true });
    await command(host, 'sync_now');
    await page.getByText('Dit is een kleine versie.').waitFor({ state: 'detached' });
    await expect.poll(width).toBe(1280);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
