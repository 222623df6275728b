import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { InspectionView, Today } from '../../src/lib/platform/contract';
import { isAccessible, launch, openPage, outline } from './browser';
import { command, startHost, type FieldHost } from './host';

/** An audit of several screens, twice in every size, takes its time. */
const LONG = 180_000;

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(async () => browser.close());

async function visit(host: FieldHost, address: string): Promise<{ page: Page; problems: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(`${host.host}/${address}`);
  return opened;
}

const view = (host: FieldHost, inspection: string) =>
  command<InspectionView>(host, 'open_inspection', { inspection });

describe('a team in one controle', () => {
  let host: FieldHost;
  let inspection = '';
  beforeAll(async () => {
    host = await startHost('open');
    inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
  });
  afterAll(() => host.stop());

  it(
    'lets its leader ask somebody to do a part, which the parts and the part itself show',
    async () => {
      const { sections, team } = await view(host, inspection);
      const section = sections[2]!;
      const { page, problems } = await visit(host, `#/controle/${inspection}/deel/${section.id}`);
      await page.getByText('Geef dit deel aan iemand').click();
      await page.getByLabel('Wie doet dit deel?').selectOption({ label: 'Ș. Munteanu' });
      await page.getByRole('navigation').getByText('Voor Ș. Munteanu').waitFor();
      expect(await outline(page)).toMatchSnapshot();
      await isAccessible(page);
      const own = team.find((member) => member.is_me)!;
      await page.getByLabel('Wie doet dit deel?').selectOption({ label: own.name });
      await page.getByRole('navigation').getByText('Voor u').waitFor();
      await page.goto(`${host.host}/#/vandaag`);
      await page.getByText('1 deel voor u').first().waitFor();
      await isAccessible(page);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'shows on the top line who else has the controle open',
    async () => {
      await host.trial('command', { command: 'look_at', request: { inspection } });
      await host.trial('presence', {});
      const { page, problems } = await visit(host, `#/controle/${inspection}`);
      await page.getByText('Ook open bij: Ș. Munteanu, ODN-02').waitFor({ timeout: 60_000 });
      await isAccessible(page);
      await host.trial('network', { up: false });
      await page.goto(`${host.host}/#/vandaag`);
      await page.goto(`${host.host}/#/controle/${inspection}`);
      await page.getByRole('navigation').first().waitFor();
      await page.getByText('Ook open bij').waitFor({ state: 'detached' });
      await host.trial('network', { up: true });
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'tells everything in a time line, and who worked on a part at the same time',
    async () => {
      const { sections } = await view(host, inspection);
      const [one, two] = sections[2]!.questions;
      const note = (question: string, value: string) => ({
        inspection,
        register: `note:${question}`,
        value: { type: 'text', value },
      });
      await command(host, 'write', note(one!.id, 'Hier eerst gekeken'));
      await host.trial('command', { command: 'write', request: note(two!.id, 'Daar ook gekeken') });
      await command(host, 'sync_now');
      const { page, problems } = await visit(host, `#/controle/${inspection}/tijdlijn`);
      await page.getByText('Ș. Munteanu werkte tegelijk aan dit deel').first().waitFor();
      await isAccessible(page);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );
});

describe('differences', () => {
  let host: FieldHost;
  let inspection = '';
  let photo = '';
  beforeAll(async () => {
    host = await startHost('open');
    inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
    await host.trial('finish', { inspection });
    await command(host, 'sync_now');
    photo = (await view(host, inspection)).photos.find((one) => !one.document)!.item;
    // The colleague's tablet knows everything so far.
    await host.trial('colleague', {});
    await host.trial('command', { command: 'status', request: {}, second: true });
  }, LONG);
  afterAll(() => host.stop());

  const text = (register: string, value: string) => ({
    inspection,
    register,
    value: { type: 'text', value },
  });
  const sign = (name: string) => ({
    inspection,
    by_author: true,
    signature: {
      name,
      capacity: 'opsteller',
      strokes: [
        [
          [100, 200],
          [400, 60],
          [800, 300],
        ],
      ],
    },
  });

  const KINDS: [string, () => [string, object, boolean?][], string, string][] = [
    [
      'a note',
      () => [
        ['write', text('note:A1', 'Bij de poort')],
        ['write', text('note:A1', 'Achter de poort')],
      ],
      'A1',
      'Kies “Achter de poort”',
    ],
    [
      'a field of the controle',
      () => [
        ['write', text('inspection:method', 'Te voet')],
        ['write', text('inspection:method', 'Met de auto')],
      ],
      'Werkwijze',
      'Kies “Te voet”',
    ],
    [
      'the caption of a photo',
      () => [
        ['write', text(`item:${photo}:caption`, 'De schuur')],
        ['write', text(`item:${photo}:caption`, 'De stal')],
      ],
      'bijschrift',
      'Kies “De stal”',
    ],
  ];

  it.each(KINDS)(
    'about %s are shown side by side and one is chosen',
    async (_, writes, title, choice) => {
      const [here, there] = writes();
      await command(host, here![0], here![1]);
      await host.trial('command', { command: there![0], request: there![1] });
      await command(host, 'sync_now');
      const { page, problems } = await visit(host, `#/controle/${inspection}/verschillen`);
      await page.getByRole('heading', { name: 'Verschil 1 van 1' }).waitFor();
      await page.getByRole('heading', { name: new RegExp(title) }).waitFor();
      await page.getByRole('button', { name: 'Schrijf een derde antwoord' }).waitFor();
      await page.getByRole('heading', { name: 'M. Dekker' }).waitFor();
      await page.getByRole('heading', { name: 'Ș. Munteanu' }).waitFor();
      await isAccessible(page);
      await page.getByRole('button', { name: choice }).click();
      await page.getByText('Er zijn geen verschillen').waitFor();
      await command(host, 'sync_now');
      await host.trial('colleague', {});
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'about who does a part name both people',
    async () => {
      const { sections, team } = await view(host, inspection);
      const section = sections[0]!.id;
      const ask = (name: string) => ({
        inspection,
        section,
        item: null,
        to: team.find((one) => one.name === name)!.person,
      });
      await command(host, 'hand_section', ask('Ș. Munteanu'));
      await host.trial('command', {
        command: 'hand_section',
        request: ask('K. de Graaf'),
        second: true,
      });
      await command(host, 'sync_now');
      const { page, problems } = await visit(host, `#/controle/${inspection}/deel/${section}`);
      await page.getByRole('link', { name: 'Twee mensen gevraagd', exact: true }).click();
      await page.getByRole('heading', { name: /Wie doet het deel/ }).waitFor();
      expect(await page.getByRole('button', { name: 'Schrijf een derde antwoord' }).count()).toBe(0);
      await isAccessible(page);
      await page.getByRole('button', { name: 'Kies “K. de Graaf”' }).click();
      await page.getByText('Er zijn geen verschillen').waitFor();
      await command(host, 'sync_now');
      await host.trial('colleague', {});
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'about signatures show both as drawn, and the choice asks for a reason',
    async () => {
      await command(host, 'sign', sign('M. Dekker'));
      await host.trial('command', { command: 'sign', request: sign('Ș. Munteanu') });
      await command(host, 'sync_now');
      const { page, problems } = await visit(host, `#/controle/${inspection}/verschillen`);
      await page.getByRole('heading', { name: 'Welke handtekening van de opsteller geldt?' }).waitFor();
      for (const name of ['M. Dekker', 'Ș. Munteanu'])
        await page.getByRole('img', { name: `Handtekening van ${name}` }).waitFor();
      expect(await page.getByRole('button', { name: 'Schrijf een derde antwoord' }).count()).toBe(0);
      await isAccessible(page);
      await page.getByRole('button', { name: 'Deze handtekening geldt' }).first().click();
      const dialog = page.getByRole('dialog');
      await isAccessible(page);
      expect(
        await dialog.getByRole('button', { name: 'Deze handtekening geldt' }).getAttribute('aria-disabled'),
      ).toBe('true');
      await dialog.getByLabel('Waarom deze?').fill('Die schreef het rapport');
      await dialog.getByRole('button', { name: 'Deze handtekening geldt' }).click();
      await page.getByText('Er zijn geen verschillen').waitFor();
      expect((await view(host, inspection)).signatures.length).toBe(1);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );
});

describe('receipts and clearing', () => {
  let host: FieldHost;
  let inspection = '';
  beforeAll(async () => {
    host = await startHost('open');
    inspection = (await command<Today>(host, 'today')).rows[0]!.inspection;
    await host.trial('network', { up: false });
    await host.trial('finish', { inspection, up: true });
  }, LONG);
  afterAll(() => host.stop());

  it(
    'say what waits while there is no network, and nothing is called received',
    async () => {
      const { page, problems } = await visit(host, `#/controle/${inspection}/fotos`);
      await page
        .getByText(/Nog \d+ wijzigingen en \d+ foto/)
        .first()
        .waitFor();
      const photo = (await view(host, inspection)).photos[0]!.item;
      await page.goto(`${host.host}/#/controle/${inspection}/foto/${photo}`);
      await page.getByText('Wacht op ontvangst door NHVeilig.').waitFor();
      expect(await page.getByText(/Ontvangen door NHVeilig/).count()).toBe(0);
      await isAccessible(page);
      await page.goto(`${host.host}/#/vandaag`);
      await page
        .getByText(/Nog \d+ wijzigingen en \d+ foto/)
        .first()
        .waitFor();
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'are shown per controle and per photo once they are there, and the controle can be cleared and fetched again',
    async () => {
      await host.trial('network', { up: true });
      await command(host, 'sync_now');
      const { page, problems } = await visit(host, `#/controle/${inspection}/fotos`);
      await page
        .getByText(/^Ontvangen door NHVeilig \d\d:\d\d$/)
        .first()
        .waitFor();
      const photo = (await view(host, inspection)).photos[0]!.item;
      await page.goto(`${host.host}/#/controle/${inspection}/foto/${photo}`);
      await page.getByText(/Ontvangen door NHVeilig \d\d:\d\d, met hetzelfde zegel/).waitFor();
      await isAccessible(page);

      await page.goto(`${host.host}/#/synchronisatie`);
      await page.getByRole('button', { name: 'Ruim op van deze tablet' }).first().click();
      await page.getByText('Bewaarregels, versie 0.1, concept').waitFor();
      expect(await outline(page, 'dialog')).toMatchSnapshot();
      await isAccessible(page);
      await page.getByRole('button', { name: 'Ruim voorgoed op' }).click();
      await page.getByRole('heading', { name: 'Opgeruimd van deze tablet' }).waitFor();
      await page.getByText(/Opgeruimd op .* NHVeilig heeft alles/).waitFor();
      await isAccessible(page);
      const rows = (await command<Today>(host, 'today')).rows;
      expect(rows.some((row) => row.inspection === inspection)).toBe(false);

      await page.getByRole('button', { name: 'Haal terug' }).click();
      await page.getByRole('heading', { name: 'Opgeruimd van deze tablet' }).waitFor({ state: 'detached' });
      expect((await view(host, inspection)).closed).toBe(true);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'the settings show by which rules controles go',
    async () => {
      const { page, problems } = await visit(host, '#/instellingen');
      await page.getByRole('heading', { name: 'Bewaren en opruimen' }).waitFor();
      await page.getByText('Deze controle gaat van de tablet zodra ze is afgerond').waitFor();
      await isAccessible(page);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );
});
