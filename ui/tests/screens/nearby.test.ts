import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { NearbyView, Today } from '../../src/lib/platform/contract';
import { isAccessible, launch, openPage, outline, SIZES } from './browser';
import { command, startHost, type FieldHost } from './host';

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(async () => browser.close());

/** Each screen is audited in two themes and three sizes, and mDNS asks again after seconds. */
const LONG = { timeout: 180_000 };

describe('another device nearby', LONG, () => {
  let host: FieldHost;
  let inspection = '';
  beforeAll(async () => {
    host = await startHost('open');
    inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
  });
  afterAll(() => host.stop());

  /** What a colleague beside this tablet does; answers with what that screen shows then. */
  async function neighbour(step: string, how: Record<string, unknown> = {}): Promise<NearbyView> {
    const response = await fetch(`${host.host}/proef/neighbour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ step, ...how }),
    });
    if (!response.ok) throw new Error(`${step}: ${await response.text()}`);
    return (await response.json()) as NearbyView;
  }

  async function visit(): Promise<{ page: Page; problems: string[] }> {
    const opened = await openPage(browser);
    await opened.page.goto(`${host.host}/#/dichtbij`);
    await opened.page.getByRole('heading', { name: 'Direct naar een ander apparaat' }).waitFor();
    return opened;
  }

  /** What a screen reader meets, without what is random. */
  const met = async (page: Page) =>
    (await outline(page))
      .replace(/\b[A-Z\d]{3}-[A-Z\d]{3}\b/g, '…-…')
      .replace(/\b\d[\d.]*:\d+\b/g, '…:…')
      .replace(/(\d ){3}\s*(\d ?){3}/g, '… ')
      .replace(/\b\d{3} \d{3}\b/g, '… …');

  /** Both screens are open, and the colleague taps this tablet. */
  async function meet(page: Page): Promise<string> {
    await neighbour('open');
    const view = await neighbour('connect');
    await page.getByRole('heading', { name: 'Staat deze code op beide schermen?' }).waitFor();
    return view.code ?? (await neighbour('look')).code!;
  }

  it('is one tap away beside the files, and shows a name that says nothing', async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(`${host.host}/#/zonder-netwerk`);
    await page.getByRole('link', { name: 'Direct naar een ander apparaat' }).click();
    await page.getByRole('heading', { name: 'Zo heet dit apparaat nu' }).waitFor();
    await page.getByText(/Nog geen\. Is het andere scherm open/).waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('listens only while the screen is open', async () => {
    const { page } = await visit();
    await page.getByText('Zo heet dit apparaat nu').waitFor();
    expect((await command<NearbyView>(host, 'nearby_state')).stage).toBe('looking');
    await page.getByRole('link', { name: 'Vandaag' }).click();
    await expect
      .poll(async () => (await command<NearbyView>(host, 'nearby_state')).stage, { timeout: 15_000 })
      .toBe('closed');
    await page.context().close();
  });

  it('says in words when nobody answers, and what an address is', async () => {
    const { page, problems } = await visit();
    const address = page.getByLabel('Adres van het andere apparaat');
    await address.fill('schuur');
    await page.getByRole('button', { name: 'Maak verbinding' }).click();
    await page.getByText('Dit is geen adres').waitFor();
    await address.fill('127.0.0.1:1');
    await page.getByRole('button', { name: 'Maak verbinding' }).click();
    await page.getByText('Het andere apparaat antwoordt niet').waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    expect(await address.inputValue()).toBe('127.0.0.1:1');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('finds the other device by its random name, and shows the code in very large digits', async () => {
    const { page, problems } = await visit();
    const other = await neighbour('open');
    const found = page.getByRole('button', { name: other.name });
    await found.waitFor({ timeout: 60_000 });
    await isAccessible(page, [SIZES[1]!]);
    await found.click();
    await page.getByRole('heading', { name: 'Staat deze code op beide schermen?' }).waitFor();
    const { code } = await neighbour('look');
    await page.getByRole('img', { name: `Code: ${[...code!].join(' ')}` }).waitFor();
    const digits = page.locator('.digits');
    expect(await digits.innerText()).toMatch(/^\d{3}\s*\d{3}$/);
    expect(parseFloat(await digits.evaluate((shown) => getComputedStyle(shown).fontSize))).toBeGreaterThan(
      100,
    );
    await page.getByRole('heading', { name: 'Ș. Munteanu, ODN-02' }).waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Andere code' }).click();
    await page.getByText('U zag een andere code').waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    await neighbour('end');
    await page.getByRole('button', { name: 'Kijk opnieuw rond' }).click();
    await page.getByText('Zo heet dit apparaat nu').waitFor();
    await neighbour('close');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('says what comes, exchanges it, and that NHVeilig does not have it yet', async () => {
    await neighbour('work', { inspection });
    const { page, problems } = await visit();
    await meet(page);
    await page.getByRole('button', { name: 'Zelfde code' }).click();
    await page.getByText('Wacht op Ș. Munteanu. Er gaat nog niets over.').first().waitFor();
    await isAccessible(page);
    await neighbour('same');
    await page.getByRole('heading', { name: 'Wat wisselt u uit?' }).waitFor();
    await page.getByText('Grutterskade 3').waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    await neighbour('pause', { up: true });
    await page.getByRole('button', { name: 'Wissel uit' }).click();
    await page.getByText('Ș. Munteanu laat foto’s wachten.').first().waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    await neighbour('pause', { up: false });
    await page.getByRole('heading', { name: /^Overgenomen: \d+ wijzigingen, 1 foto\.$/ }).waitFor();
    await page.getByText(/NHVeilig heeft ze nog niet/).waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('link', { name: /Grutterskade 3/ }).click();
    await page.getByRole('heading', { name: 'Grutterskade 3' }).first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('says that both have everything when there is nothing to exchange', async () => {
    await neighbour('end');
    const { page, problems } = await visit();
    await meet(page);
    await page.getByRole('button', { name: 'Zelfde code' }).click();
    await neighbour('same');
    await page.getByRole('heading', { name: 'U hebt allebei alles al' }).waitFor();
    expect(await met(page)).toMatchSnapshot();
    await isAccessible(page);
    await neighbour('end');
    await page.getByText('Uw collega is gestopt').waitFor();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
