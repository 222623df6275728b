import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { CountRow, InspectionView, Opened, Today } from '../../src/lib/platform/contract';
import { isAccessible, launch, openPage, outline } from './browser';
import { command, startHost, type FieldHost } from './host';

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(async () => browser.close());

async function visit(host: FieldHost, address: string): Promise<{ page: Page; problems: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(`${host.host}/${address}`);
  return opened;
}

const choice = (value: string) => ({ type: 'choice', value });
const answer = (host: FieldHost, inspection: string, slot: string, value: unknown) =>
  command(host, 'write', { inspection, register: `answer:${slot}`, value });
const open = (host: FieldHost, inspection: string) =>
  command<InspectionView>(host, 'open_inspection', { inspection });

/** A new controle at an invented address. */
async function begin(host: FieldHost, checklist: string): Promise<string> {
  const address = { line: 'Kraaienhofsweg 12', town: 'De Rijp', municipality: 'Alkmaar' };
  const made = await command<Opened>(host, 'plan_inspection', { checklist, address, planned_at: null });
  return made.inspection;
}

describe('a tablet with a newer version of the checklist', () => {
  let host: FieldHost;
  let inspection = '';
  beforeAll(async () => {
    host = await startHost('open', { newerChecklist: true });
    inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
    await answer(host, inspection, 'A1', choice('verzoek-partner'));
    await answer(host, inspection, 'A4', choice('nee'));
  });
  afterAll(() => host.stop());

  it('says so in the controle, and leads to what would change', async () => {
    const { page, problems } = await visit(host, `#/controle/${inspection}`);
    const line = page.getByRole('link', { name: /nieuwere versie van de checklist: 0\.2/ });
    await line.first().waitFor();
    await isAccessible(page);
    await line.first().click();
    await page.getByRole('heading', { name: 'Van versie 0.1 naar versie 0.2' }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows what moves along, what is new and what no longer counts, with two equal choices', async () => {
    const { page, problems } = await visit(host, `#/controle/${inspection}/versie`);
    await page.getByRole('heading', { name: '1 antwoord telt niet meer mee' }).waitFor();
    await page.getByText('De keuze "Verzoek van een partner" is vervallen.').first().waitFor();
    await page.getByText('Zijn er loslopende honden op het erf?').first().waitFor();
    await page.getByText('Welke antwoorden gaan mee?').click();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    const stay = await page.getByRole('link', { name: 'Blijf bij versie 0.1' }).boundingBox();
    const go = await page.getByRole('button', { name: 'Ga verder met versie 0.2' }).boundingBox();
    expect(Math.round(stay!.width), 'neither choice is larger').toBe(Math.round(go!.width));
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('leaves everything as it was when people stay, and follows the new version when they go on', async () => {
    const { page } = await visit(host, `#/controle/${inspection}/versie`);
    await page.getByRole('link', { name: 'Blijf bij versie 0.1' }).click();
    await page.getByRole('heading', { name: 'A. Voorbereiding' }).waitFor();
    expect((await open(host, inspection)).checklist.version).toBe('0.1');

    await page.goto(`${host.host}/#/controle/${inspection}/versie`);
    await page.getByRole('button', { name: 'Ga verder met versie 0.2' }).click();
    await page.getByRole('heading', { name: 'A. Voorbereiding' }).waitFor();
    const now = await open(host, inspection);
    expect(now.checklist.version).toBe('0.2');
    expect(now.slots.find((slot) => slot.slot === 'A4')?.value).toEqual(choice('nee'));
    expect(await page.getByRole('link', { name: /nieuwere versie/ }).count()).toBe(0);
    await page.goto(`${host.host}/#/controle/${inspection}/versie`);
    await page.getByText('Deze controle volgt de nieuwste versie').waitFor();
    await isAccessible(page);
    await page.context().close();
  });
});

describe('a team’s tablet', () => {
  let host: FieldHost;
  beforeAll(async () => void (host = await startHost('open')));
  afterAll(() => host.stop());

  it('asks for which partner a participant comes', async () => {
    const inspection = await begin(host, 'vb-ic');
    const { page, problems } = await visit(host, `#/controle/${inspection}/deelnemers`);
    await page.getByRole('button', { name: 'Deelnemer toevoegen' }).last().click();
    await page.getByRole('combobox', { name: 'Partner' }).selectOption('brandweer');
    await expect
      .poll(async () => (await open(host, inspection)).participants.map((one) => one.partner))
      .toEqual(['brandweer']);
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('leads from a find to the hand-over, and leaves the find itself to a BOA', async () => {
    const inspection = await begin(host, 'vb-ic');
    await answer(host, inspection, 'K1', choice('ja'));
    const { page, problems } = await visit(host, `#/controle/${inspection}/deel/K`);
    await page.getByText('Het toezicht stopt hier.', { exact: true }).waitFor();
    await page.getByText('De vondst zelf legt u niet vast.').waitFor();
    expect(await page.getByRole('button', { name: /onder opsporing/ }).count()).toBe(0);
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('link', { name: /^K2a/ }).click();
    await page.waitForURL(/vraag=K2a/);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('keeps in sight, in a checklist without persons, that nobody may be identified', async () => {
    const inspection = await begin(host, 'btp-log');
    const view = await open(host, inspection);
    const { page, problems } = await visit(host, `#/controle/${inspection}`);
    const words = page.getByText(/^Leg van de aanwezige persoon niets vast dat herleidbaar is/);
    for (const section of view.sections) {
      await page.goto(`${host.host}/#/controle/${inspection}/deel/${section.id}`);
      await page.getByRole('heading', { name: `${section.id}. ${section.title}` }).waitFor();
      expect(await words.first().isVisible(), section.title).toBe(true);
    }
    for (const part of ['bevindingen', 'fotos']) {
      await page.goto(`${host.host}/#/controle/${inspection}/${part}`);
      await words.first().waitFor();
    }
    await page.goto(`${host.host}/#/controle/${inspection}/deel/${view.sections[0]!.id}`);
    await words.first().waitFor();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

describe('a BOA’s tablet', () => {
  let host: FieldHost;
  beforeAll(async () => void (host = await startHost('open', { person: 'boa' })));
  afterAll(() => host.stop());

  it('writes a find down under investigation after a confirmation with a reason', async () => {
    const inspection = await begin(host, 'vb-ic');
    await answer(host, inspection, 'K1', choice('ja'));
    const { page, problems } = await visit(host, `#/controle/${inspection}/deel/K`);
    await page.getByRole('button', { name: 'Leg de vondst vast onder opsporing (Wpg)' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Waarom wordt dit opsporing?').fill('Vermoedelijk een hennepkwekerij.');
    await isAccessible(page);
    await dialog.getByRole('button', { name: 'Zet om naar opsporing' }).click();
    await page.getByText('Opsporing, alleen voor bevoegden').waitFor();
    const findings = (await open(host, inspection)).findings;
    expect(findings.map((one) => one.regime)).toEqual(['WPG_OPSPORING']);
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

describe('a partner’s tablet', () => {
  let host: FieldHost;
  beforeAll(async () => void (host = await startHost('open', { person: 'partner' })));
  afterAll(() => host.stop());

  it('says whose questions these are and that they stay closed', async () => {
    const inspection = await begin(host, 'vb-bt');
    const fields = [['partner', choice('gemeente-brp')]];
    const item = { inspection, set: { set: 'participant' }, slot: null, parent: null, fields, regime: null };
    await command(host, 'add_item', item);
    const section = (await open(host, inspection)).sections.find((one) => one.partner_set?.closed)!;
    const { page, problems } = await visit(host, `#/controle/${inspection}/deel/${section.id}`);
    await page
      .getByText('Besloten: blijft bij uw organisatie, staat niet in het gezamenlijke rapport')
      .waitFor();
    await page.getByRole('link', { name: /Alleen voor Gemeente, burgerzaken Besloten/ }).waitFor();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

describe('an agro-coach’s tablet', () => {
  let host: FieldHost;
  let inspection = '';
  beforeAll(async () => void (host = await startHost('open', { person: 'coach' })));
  afterAll(() => host.stop());

  it('begins a conversation without asking for an address', async () => {
    const { page, problems } = await visit(host, '#/nieuw');
    await page.getByText('Dit gesprek blijft op dit apparaat.').waitFor();
    expect(await page.getByLabel('Straat en nummer').count()).toBe(0);
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { name: 'Keukentafelgesprek van de agro-coach' }).first().waitFor();
    inspection = /controle\/([^/?]+)/.exec(page.url())![1]!;
    const parts = page.getByRole('navigation', { name: 'Onderdelen van het gesprek' }).first();
    expect(
      await parts.getByRole('link', { name: /Bevindingen|Foto’s|Maatregelen|Deelnemers|Rapport/ }).count(),
    ).toBe(0);
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is called by its checklist in the list of today', async () => {
    const { page } = await visit(host, '#/vandaag');
    await page.getByRole('link', { name: /^Keukentafelgesprek van de agro-coach/ }).waitFor();
    expect(await page.getByText('Zonder adres').count()).toBe(0);
    await isAccessible(page);
    await page.context().close();
  });

  it('shows exactly what goes out before the conversation is finished', async () => {
    await answer(host, inspection, 'Q1_1', choice('ja'));
    for (const { id, kind, options } of (await open(host, inspection)).sections.flatMap(
      (one) => one.questions,
    )) {
      const value = kind === 'number' ? { type: 'number', value: 1 } : choice(options[0]?.code ?? '');
      if (['number', 'yes_no', 'one_of'].includes(kind)) await answer(host, inspection, id, value);
    }
    const counts = await command<CountRow[]>(host, 'counts', { inspection });
    const { page, problems } = await visit(host, `#/controle/${inspection}/afronden`);
    await page.getByRole('heading', { name: 'Dit gaat naar NHVeilig' }).waitFor();
    await page.getByText('en verder niets').waitFor();
    expect(await page.getByRole('definition').count()).toBe(counts.length);
    expect(counts.length).toBeGreaterThan(0);
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Sluit het gesprek af' }).click();
    await page.getByRole('heading', { name: 'Dit gesprek is afgesloten' }).waitFor();
    expect((await open(host, inspection)).closed).toBe(true);
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
