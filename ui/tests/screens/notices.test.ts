import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { isAccessible, launch, openPage, outline } from './browser';
import { command, startHost, type FieldHost } from './host';

const THREE_MONTHS = 92 * 86_400;

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(async () => browser.close());

describe('a tablet that lay in a drawer for three months', () => {
  let host: FieldHost;
  beforeAll(async () => {
    host = await startHost('open');
    await command(host, 'sync_now');
    await host.trial('network', { up: false });
    await host.trial('clock', { seconds: THREE_MONTHS });
    await host.trial('network', { up: true });
    await command(host, 'sync_now');
  });
  afterAll(() => host.stop());

  it('says on the day’s page that there is something to read, and tells it until it is read', async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(`${host.host}/#/vandaag`);
    await page.getByText('Er is iets te lezen over dit apparaat.').waitFor();
    await isAccessible(page);
    await page.getByRole('link', { name: 'Lees het' }).click();
    await page.getByText('Dit apparaat had 92 dagen geen verbinding').waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Begrepen' }).click();
    await page.getByText('Dit apparaat had 92 dagen geen verbinding').waitFor({ state: 'detached' });
    await page.goto(`${host.host}/#/vandaag`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByText('Er is iets te lezen over dit apparaat.').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
