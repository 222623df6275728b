import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { InspectionView, Today } from '../../src/lib/platform/contract';
import { isAccessible, launch, openPage, outline, SIZES } from './browser';
import { command, startHost, type FieldHost } from './host';

/** A real photo, drawn by the browser. */
async function jpeg(page: Page): Promise<Buffer> {
  const address = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 448;
    const pen = canvas.getContext('2d')!;
    pen.fillStyle = '#5a6b63';
    pen.fillRect(0, 0, 640, 448);
    pen.fillStyle = '#2c3330';
    pen.fillRect(120, 160, 400, 200);
    return canvas.toDataURL('image/jpeg', 0.8);
  });
  return Buffer.from(address.split(',')[1]!, 'base64');
}

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(async () => browser.close());

async function visit(host: FieldHost, address: string): Promise<{ page: Page; problems: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(`${host.host}/${address}`);
  return opened;
}

describe('a new device', () => {
  let host: FieldHost;
  beforeAll(async () => void (host = await startHost('new')));
  afterAll(() => host.stop());

  it('is enrolled with an address, a code and a secret, and shows the day’s work', async () => {
    const { page, problems } = await visit(host, '');
    await page.getByRole('heading', { name: 'Aanmelden van dit apparaat' }).waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);

    await page.getByRole('button', { name: 'Meld dit apparaat aan' }).click();
    expect(await page.getByLabel('Adres van NHVeilig').getAttribute('aria-invalid')).toBe('true');

    await page.getByLabel('Adres van NHVeilig').fill(host.backend);
    await page.getByLabel('Korte code').fill(host.enrolment_codes[0]!);
    await page.getByLabel('Naam van dit apparaat').fill('ALK-07');
    const chooser = page.getByRole('radio', { name: 'Wachtzin' });
    if (await chooser.isVisible()) await chooser.click();
    await page.getByRole('textbox', { name: 'Wachtzin' }).fill(host.secret);
    await page.getByLabel('Nog een keer').fill(host.secret);
    await page.getByRole('button', { name: 'Meld dit apparaat aan' }).click();
    await page.getByRole('link', { name: 'Nieuwe controle' }).first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

describe('a locked device', () => {
  let host: FieldHost;
  beforeAll(async () => void (host = await startHost('locked')));
  afterAll(() => host.stop());

  it('waits for no more than its own first screen', async () => {
    const page = await (await fetch(host.host)).text();
    const scripts = page.matchAll(
      /<(?:script|link rel="modulepreload")[^>]* (?:src|href)="\.(\/assets\/[^"]+\.js)"/g,
    );
    const texts = await Promise.all(
      [...scripts].map(async ([, path]) => (await fetch(host.host + path)).text()),
    );
    expect(texts.length).toBeGreaterThan(1);
    // The words of all failures and the screens behind this one come after it.
    expect(texts.join('').length).toBeLessThan(150_000);
    expect(texts.join('')).not.toContain('De opslag van dit apparaat is vol');
  });

  it('shows the STOP instructions without unlocking', async () => {
    const { page, problems } = await visit(host, '#/stop');
    await page.getByRole('heading', { name: 'STOP' }).waitFor();
    await page.getByRole('link', { name: 'Bel 112' }).waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('opens with its secret, and says so when it is wrong', async () => {
    const { page, problems } = await visit(host, '');
    await page.getByRole('heading', { name: 'Ontgrendelen' }).waitFor();
    expect(await outline(page)).toMatchSnapshot();
    await isAccessible(page);
    const secret = page.locator('input[type=password]');
    await secret.fill('dat is het niet');
    await page.keyboard.press('Enter');
    await page
      .getByText(/Dat klopt niet|Wacht nog/)
      .first()
      .waitFor();
    await host.trial('clock', { seconds: 3600 });
    await page.reload();
    await secret.fill(host.secret);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Hoofdmenu' }).waitFor();
    // The keyboard and the screen reader begin at the day's work.
    await page.waitForFunction(() => document.activeElement?.id === 'work', null, { timeout: 5_000 });
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

describe('an open device', () => {
  let host: FieldHost;
  let inspection = '';
  let view: InspectionView;

  beforeAll(async () => {
    host = await startHost('open');
    const today = await command<Today>(host, 'today');
    inspection = today.rows[0]!.inspection;
    view = await command<InspectionView>(host, 'open_inspection', { inspection });
  });
  afterAll(() => host.stop());

  /** Each screen: a heading that must be there, what a screen reader meets, and an audit. */
  const screens: [name: string, address: () => string, heading: string | RegExp][] = [
    ['Vandaag', () => '#/vandaag', /november/],
    ['Zoeken', () => '#/zoeken', 'Zoeken'],
    ['Nieuwe controle', () => '#/nieuw', 'Nieuwe controle'],
    ['Synchronisatie', () => '#/synchronisatie', 'Synchronisatie'],
    ['Instellingen', () => '#/instellingen', 'Instellingen'],
    ['Deelnemers', () => `#/controle/${inspection}/deelnemers`, 'Deelnemers en grondslag'],
    ['Bevindingen', () => `#/controle/${inspection}/bevindingen`, 'Bevindingen'],
    ['Foto’s', () => `#/controle/${inspection}/fotos`, 'Foto’s'],
    ['Maatregelen', () => `#/controle/${inspection}/maatregelen`, 'Maatregelen'],
    ['Verschillen', () => `#/controle/${inspection}/verschillen`, 'Verschillen'],
    ['Afronden', () => `#/controle/${inspection}/afronden`, 'Afronden'],
    ['Rapport', () => `#/controle/${inspection}/rapport`, 'Rapport'],
  ];
  for (const [name, address, heading] of screens) {
    it(`shows ${name}, for eyes, ears and keyboard`, async () => {
      const { page, problems } = await visit(host, address());
      await page.getByRole('heading', { name: heading }).first().waitFor();
      // The report takes a moment; only then it is what people see.
      await page.getByText('Het rapport wordt gemaakt').waitFor({ state: 'detached' });
      expect(await outline(page)).toMatchSnapshot();
      await isAccessible(page);
      expect(problems).toEqual([]);
      await page.context().close();
    });
  }

  it('shows every section of the checklist without a barrier', { timeout: 240_000 }, async () => {
    const { page, problems } = await visit(host, `#/controle/${inspection}`);
    for (const section of view.sections) {
      await page.goto(`${host.host}/#/controle/${inspection}/deel/${section.id}`);
      await page.getByRole('heading', { name: `${section.id}. ${section.title}` }).waitFor();
      await isAccessible(page, SIZES.slice(1, 2));
    }
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('keeps an answer the moment that it is chosen, and has it after a reload', async () => {
    const place = view.sections
      .flatMap((section) => section.questions.map((question) => ({ section, question })))
      .find(
        ({ section, question }) => question.kind.startsWith('yes_no') && !section.group && !question.may_stop,
      )!;
    const { page } = await visit(host, `#/controle/${inspection}/deel/${place.section.id}`);
    const group = page.getByRole('radiogroup', { name: place.question.text });
    await group.getByRole('radio', { name: 'Nee' }).click();
    await page.locator(`[id="vraag-${place.question.id}"]`).getByText('Bewaard').waitFor();
    await page.reload();
    await group.waitFor();
    expect(await group.getByRole('radio', { name: 'Nee' }).isChecked()).toBe(true);
    await page.context().close();
  });

  it('keeps typed text without a button, 300 ms after the last key', async () => {
    const { page } = await visit(host, `#/controle/${inspection}/afronden`);
    await page.getByLabel('Werkwijze').fill('Erf en schuur bekeken vanaf vloerniveau.');
    await page.getByText('Bewaard').first().waitFor();
    await page.reload();
    await page.getByLabel('Werkwijze').waitFor();
    expect(await page.getByLabel('Werkwijze').inputValue()).toBe('Erf en schuur bekeken vanaf vloerniveau.');
    await page.context().close();
  });

  it('keeps the typed text on the screen when the program does not answer', async () => {
    const { page } = await visit(host, `#/controle/${inspection}/afronden`);
    await page.getByLabel('Werkwijze').waitFor();
    await page.route('**/opdracht/write', (route) =>
      route.fulfill({ status: 422, json: { code: 'storage_full', details: {} } }),
    );
    await page.getByLabel('Werkwijze').fill('Dit mag niet verdwijnen.');
    await page.getByText('De opslag van dit apparaat is vol').waitFor();
    expect(await page.getByLabel('Werkwijze').inputValue()).toBe('Dit mag niet verdwijnen.');
    await isAccessible(page);
    await page.unroute('**/opdracht/write');
    await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
    await page.getByText('De opslag van dit apparaat is vol').waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('seals a photo and shows its time, size and hash', async () => {
    const { page, problems } = await visit(host, `#/controle/${inspection}/fotos`);
    await page.getByRole('heading', { name: 'Foto’s' }).waitFor();
    const buffer = await jpeg(page);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Maak een foto' }).first().click();
    await (await chooser).setFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByText('Nog geen bijschrift').first().click();
    await page.getByRole('heading', { name: 'Origineel verzegeld' }).waitFor();
    await page.getByLabel('Bijschrift').fill('Zuidgevel, richting noord');
    await page.getByText('Bewaard').first().waitFor();
    await isAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('warns when a participant without an own ground goes inside', async () => {
    const { page } = await visit(host, `#/controle/${inspection}/deelnemers`);
    await page.getByRole('button', { name: 'Deelnemer toevoegen' }).last().click();
    const ja = page
      .getByRole('radiogroup', { name: 'Gaat mee naar binnen?' })
      .last()
      .getByRole('radio', { name: 'Ja' });
    await ja.click();
    await page.getByText('Deze deelnemer mag niet mee naar binnen').waitFor();
    await isAccessible(page);
    await page.context().close();
  });

  it('asks people to choose when a colleague answered without seeing theirs', async () => {
    const question = view.sections
      .flatMap((section) => (section.group ? [] : section.questions))
      .find((one) => one.kind === 'yes_no_unknown')!;
    const register = `answer:${question.id}`;
    await command(host, 'write', { inspection, register, value: { type: 'choice', value: 'ja' } });
    await host.trial('colleague', { inspection, register, value: { type: 'choice', value: 'onbekend' } });
    await command(host, 'sync_now');
    const { page, problems } = await visit(host, `#/controle/${inspection}/verschillen`);
    await page.getByRole('heading', { name: 'Verschil 1 van 1' }).waitFor();
    expect(await page.getByRole('button', { name: /^Kies “/ }).count()).toBe(2);
    await isAccessible(page);
    await page.getByRole('button', { name: 'Kies “Onbekend”' }).click();
    await page.getByText('Er zijn geen verschillen').waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is signed and finished when every answer is in or has a reason, and gives a final report', async () => {
    const rows = (await command<Today>(host, 'today')).rows;
    const id = rows[1]!.inspection;
    const { page, problems } = await visit(host, `#/controle/${id}/afronden`);
    const author = page.getByRole('button', { name: /steller/ });
    await author.waitFor();
    expect(await author.getAttribute('aria-disabled'), 'the signature is locked while answers are open').toBe(
      'true',
    );

    const text = (value: string) => ({ type: 'text', value });
    for (let round = 0; round < 3; round += 1) {
      const now = await command<InspectionView>(host, 'open_inspection', { inspection: id });
      for (const { slot } of now.summary.missing) {
        const question = now.sections.flatMap((one) => one.questions).find((one) => one.id === slot);
        if (question?.kind !== 'signature')
          await command(host, 'write', {
            inspection: id,
            register: `reason:${slot}`,
            value: text('Niet gezien.'),
          });
      }
    }
    await command(host, 'write', { inspection: id, register: 'inspection:method', value: text('Rondgang.') });
    await page.reload();

    await page.getByRole('button', { name: /steller/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Onderteken' }).click();
    await page.getByText(/^Getekend/).waitFor();
    await page.getByRole('button', { name: 'Rond af' }).click();
    await page.getByRole('heading', { name: 'Rapport' }).waitFor();
    await page.getByText('Versie 1', { exact: true }).waitFor();
    await page.getByText(/^Pagina 1 van \d+, gemaakt op dit apparaat/).waitFor();
    expect((await command<InspectionView>(host, 'open_inspection', { inspection: id })).closed).toBe(true);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('works on without a network and says what waits', async () => {
    await host.trial('network', { up: false });
    const { page } = await visit(host, '#/synchronisatie');
    await page.getByRole('button', { name: 'Probeer nu' }).click();
    await page
      .getByText(/^Offline\./)
      .first()
      .waitFor();
    await isAccessible(page);
    await host.trial('network', { up: true });
    await page.context().close();
  });

  it('can be read at 200 % text, without anything falling off', async () => {
    const { page } = await visit(host, '#/instellingen');
    await page.getByRole('radio', { name: '200 %' }).click();
    for (const [, address] of screens) {
      await page.goto(`${host.host}/${address()}`);
      await page.getByRole('heading').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), address()).toBe(
        true,
      );
    }
    await page.goto(`${host.host}/#/instellingen`);
    await page.getByRole('radio', { name: '100 %' }).click();
    await page.context().close();
  });
});
