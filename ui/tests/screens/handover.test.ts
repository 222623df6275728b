import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { InspectionView, Today } from '../../src/lib/platform/contract';
import { isAccessible, launch, openPage, outline } from './browser';
import { command, startHost, type FieldHost } from './host';

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(async () => browser.close());

describe('a tablet without a network', () => {
  let host: FieldHost;
  let inspection = '';
  beforeAll(async () => {
    host = await startHost('open');
    inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
  });
  afterAll(() => host.stop());

  async function visit(address: string): Promise<{ page: Page; problems: string[] }> {
    const opened = await openPage(browser);
    await opened.page.goto(`${host.host}/${address}`);
    return opened;
  }

  /** A file that somebody brings on a stick. */
  async function brought(what: string, name: string) {
    const response = await fetch(`${host.host}/proef/bestand/${what}`);
    if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
    const buffer = Buffer.from(await response.arrayBuffer());
    return { name, mimeType: 'application/octet-stream', buffer };
  }

  const read = (page: Page, file: Awaited<ReturnType<typeof brought>>) =>
    page.locator('input[type=file]').setInputFiles(file);

  it('shows its own card, and that it knows no other device yet', async () => {
    const { page, problems } = await visit('#/synchronisatie');
    await page.getByRole('link', { name: 'Zonder netwerk overdragen' }).click();
    await page.getByRole('heading', { name: 'Zonder netwerk', exact: true }).waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Bewaar kaart van dit apparaat' }).click();
    expect((await saving).suggestedFilename()).toBe('ALK-07.veldboek-apparaat');
    await page.getByText('Bewaard: ALK-07.veldboek-apparaat').waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('says how to come by a card when there is none', async () => {
    const { page, problems } = await visit(`#/controle/${inspection}/overdragen`);
    await page.getByText('Dit apparaat kent nog geen ander apparaat').waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('link', { name: 'Lees een kaart in' }).click();
    await page.getByRole('heading', { name: 'Zonder netwerk', exact: true }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('refuses a file that is none of ours in words, and knows a colleague by a card', async () => {
    const { page, problems } = await visit('#/zonder-netwerk');
    await read(page, { name: 'lijst.txt', mimeType: 'text/plain', buffer: Buffer.from('boodschappen') });
    await page.getByText('Dit is geen bestand van Veldboek').waitFor();
    await isAccessible(page);
    await read(page, await brought('kaart', 'ODN-02.veldboek-apparaat'));
    await page.getByText('Kaart van Ș. Munteanu, ODN-02, ingelezen').first().waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await read(page, await brought('kaart-buiten', 'HHN-04.veldboek-apparaat'));
    await page.getByText('Kaart van B. Veenstra, HHN-04, ingelezen').first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('saves a controle for a colleague’s device', async () => {
    const { page, problems } = await visit(`#/controle/${inspection}/overdragen`);
    await page.getByRole('radio', { name: /Munteanu/ }).check({ force: true });
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Bewaar bestand' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^VB-2026-.*-ODN-02\.veldboek$/);
    await page.getByRole('heading', { name: /voor Ș\. Munteanu, ODN-02$/ }).waitFor();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('gives nothing to who is not in the team, and adds them with one press', async () => {
    const { page, problems } = await visit(`#/controle/${inspection}/overdragen`);
    await page.getByRole('radio', { name: /Veenstra/ }).check({ force: true });
    await page.getByText('B. Veenstra zit niet in het team van deze controle').waitFor();
    const button = page.getByRole('button', { name: 'Bewaar bestand' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Voeg B. Veenstra toe aan het team' }).click();
    await page.getByText('zit niet in het team').waitFor({ state: 'detached' });
    const saving = page.waitForEvent('download');
    await button.click();
    expect((await saving).suggestedFilename()).toMatch(/-HHN-04\.veldboek$/);
    const view = await command<InspectionView>(host, 'open_inspection', { inspection });
    expect(view.team.map((member) => member.name)).toContain('B. Veenstra');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('reads what a colleague brings, once, and says what came', async () => {
    const { page, problems } = await visit('#/zonder-netwerk');
    const file = await brought(`overdracht?inspection=${inspection}`, 'van-munteanu.veldboek');
    await read(page, file);
    await page.getByText('3 antwoorden en 1 foto van Ș. Munteanu').first().waitFor();
    await page.getByText(/Nog niet ontvangen door NHVeilig/).waitFor();
    expect(await page.getByText(/^Ontvangen door NHVeilig/).count()).toBe(0);
    await isAccessible(page);
    await read(page, file);
    await page.getByText('Alles van Ș. Munteanu stond er al').first().waitFor();
    const cut = { ...file, buffer: file.buffer.subarray(0, file.buffer.length - 100) };
    await read(page, cut);
    await page.getByText('Dit bestand is beschadigd').waitFor();
    await read(page, await brought(`voor-ander?inspection=${inspection}`, 'voor-ander.veldboek'));
    await page.getByText('Dit bestand is voor een ander apparaat').waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page
      .getByRole('link', { name: /Grutterskade 3/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Grutterskade 3' }).first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
