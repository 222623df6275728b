import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { startBackend, type Backend } from './backend';
import { isAccessible, launch, openPage, outline } from './browser';

/** An audit of a whole report takes its time: six times over some hundred lines. */
const LONG = 300_000;

const DESK = { viewport: { width: 1440, height: 900 } };

let browser: Browser;
let backend: Backend;
beforeAll(async () => {
  browser = await launch();
  backend = await startBackend();
});
afterAll(async () => {
  await browser?.close();
  await backend?.stop();
});

async function visit(): Promise<{ page: Page; problems: string[] }> {
  const opened = await openPage(browser, DESK);
  await opened.page.goto(backend.address);
  return opened;
}

async function signIn(page: Page, name = 'j.vankalken', password?: string): Promise<void> {
  const account = backend.demo.accounts.find((one) => one.name === name);
  await page.getByLabel('Naam').fill(name);
  await page.getByLabel('Wachtwoord').fill(password ?? account!.password);
  await page.getByRole('button', { name: 'Aanmelden' }).click();
}

/** What differs between two runs, beyond what every screen has. */
function still(text: string): string {
  return text
    .replace(/\b(vandaag|1 dag|\d+ dagen)\b/g, '…')
    .replace(/NHV [0-9a-f]{4}-[0-9a-f]{4}/g, 'NHV …')
    .replace(
      /\b\d{1,2} (januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)/g,
      '… …',
    )
    .replace(/\b\d\d-\d\d-\d{4}\b/g, '…-…')
    .replace(/\b\d{1,2} (jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\b/g, '… …');
}

/** A day that lies ahead, as the browser's own field for days takes it. */
function inAWeek(): string {
  return new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
}

describe('signing in at the desk', () => {
  it(
    'says which field is empty, and that a password is wrong, and keeps the name',
    async () => {
      const { page, problems } = await visit();
      await page.getByRole('heading', { name: 'Aanmelden' }).waitFor();
      expect(await outline(page)).toMatchSnapshot();
      await isAccessible(page);
      await page.getByRole('button', { name: 'Aanmelden' }).click();
      expect(await page.getByLabel('Naam').getAttribute('aria-invalid')).toBe('true');
      await signIn(page, 'j.vankalken', 'dat is het niet');
      await page.getByRole('alert').getByText('De naam of het wachtwoord klopt niet').waitFor();
      expect(await page.getByLabel('Naam').inputValue()).toBe('j.vankalken');
      await isAccessible(page);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it('says how long to wait after too many wrong passwords', async () => {
    const { page } = await visit();
    // Nobody's account, so that no other test has to wait.
    const waiting = page.getByRole('alert').getByText('Te veel pogingen achter elkaar');
    for (let tries = 0; tries < 8 && !(await waiting.isVisible()); tries += 1) {
      const answered = page.waitForResponse('**/v1/aanmelden');
      await signIn(page, 'niemand', 'gok');
      await answered;
      await page.getByRole('alert').waitFor();
    }
    await page.getByText(/Wacht \d+ s en probeer het dan opnieuw/).waitFor();
    await page.context().close();
  });
});

describe('the work list', () => {
  it(
    'is empty until a team submits, and offers everything else',
    async () => {
      const { page, problems } = await visit();
      await signIn(page);
      await page.getByText('Er ligt niets te beoordelen.').waitFor();
      await isAccessible(page);
      await page.getByRole('button', { name: 'Toon alle controles' }).click();
      await page.getByRole('link', { name: 'Grutterskade 3, Oterleek' }).waitFor();
      expect(still(await outline(page))).toMatchSnapshot();
      await isAccessible(page);

      await page.getByLabel('Gemeente').selectOption('Dijk en Waard');
      await page.getByRole('main').getByText('1 controle, de oudste bovenaan').waitFor();
      await page.getByLabel('Adres of nummer').fill('bestaat niet');
      await page.getByText('Geen controle past bij deze filters.').waitFor();
      await page.getByRole('main').getByRole('button', { name: 'Wis filters' }).last().click();
      await page.getByRole('main').getByText('6 controles, de oudste bovenaan').waitFor();
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );
});

describe('a submitted controle', () => {
  let first: { number: string; address: string };
  beforeAll(async () => {
    first = await backend.submit();
    await backend.submit();
  }, 240_000);

  async function review(page: Page): Promise<void> {
    await signIn(page);
    await page.getByRole('main').getByText('2 controles, de oudste bovenaan').waitFor();
    await page.getByRole('link', { name: first.address }).click();
    await page.getByRole('heading', { name: 'Bevindingen' }).waitFor();
  }

  it('is opened with the keyboard alone', async () => {
    const { page, problems } = await visit();
    await signIn(page);
    const rows = page.getByRole('list', { name: 'Werkvoorraad' }).getByRole('link');
    await rows.nth(1).waitFor();
    await rows.first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await rows.nth(1).evaluate((row) => row === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByText(first.number).first().waitFor();
    await page.getByText('1 van 2 te beoordelen').waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it(
    'shows the report, and behind each line its photos, seals and records',
    async () => {
      const { page, problems } = await visit();
      await review(page);
      const line = page.getByRole('button', { name: 'Gebruik past niet bij de functie' });
      await line.click();
      expect(await line.getAttribute('aria-current')).toBe('true');
      const behind = page.getByRole('region', { name: /^Achter B\d/ });
      await behind.getByText('Zegel klopt').waitFor();
      expect(
        await behind.getByRole('img').evaluate((photo: HTMLImageElement) => photo.naturalWidth),
      ).toBeGreaterThan(0);
      await behind.getByText('Ontvangen door NHVeilig').waitFor();
      expect(await behind.getByText('M. Dekker, ALK-07').count()).toBeGreaterThan(0);
      expect(still(await outline(page))).toMatchSnapshot();
      await isAccessible(page);
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it(
    'is walked line by line with the arrows, and remarked upon with O',
    async () => {
      const { page } = await visit();
      await review(page);
      const line = page.getByRole('button', { name: 'Gebruik past niet bij de functie' });
      await line.focus();
      await page.keyboard.press('ArrowUp');
      expect(await line.getAttribute('aria-current')).toBe(null);
      await page.keyboard.press('ArrowDown');
      expect(await line.getAttribute('aria-current')).toBe('true');
      await page.keyboard.press('o');
      await page.keyboard.type('Is de hefbrug gekeurd?');
      await page.getByRole('button', { name: 'Terug naar team, 1 opmerking' }).waitFor();
      const agree = page.getByRole('button', { name: 'Akkoord' });
      expect(await agree.getAttribute('aria-disabled')).toBe('true');
      await isAccessible(page);
      await page.context().close();
    },
    LONG,
  );

  it('can be read at twice the text size', async () => {
    const { page } = await visit();
    await page.evaluate(() => localStorage.setItem('veldboek.text', '200'));
    await page.reload();
    await review(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('gives its report as a PDF', async () => {
    const { page } = await visit();
    await review(page);
    const answer = page.waitForResponse((response) => response.url().endsWith('/rapport'));
    await page.getByRole('button', { name: 'Bekijk PDF' }).click();
    const report = await answer;
    expect(report.headers()['content-type']).toBe('application/pdf');
    await page.context().close();
  });

  it(
    'keeps what was typed when the backend refuses, and then goes back to the team',
    async () => {
      const { page, problems } = await visit();
      await review(page);
      await page.getByRole('button', { name: 'Terug naar team' }).click();
      const dialog = page.getByRole('dialog', { name: 'Terug naar het team' });
      await dialog.getByRole('button', { name: 'Terug naar team' }).click();
      await dialog.getByText('Schrijf wat het team moet doen.').waitFor();
      await isAccessible(page);
      const note = dialog.getByLabel('Wat moet het team doen?');
      await note.fill('Voeg de keuring van de hefbrug toe.');
      await page.context().setOffline(true);
      await dialog.getByRole('button', { name: 'Terug naar team' }).click();
      await dialog.getByRole('alert').getByText('NHVeilig is niet te bereiken').waitFor();
      expect(await note.inputValue()).toBe('Voeg de keuring van de hefbrug toe.');
      await page.context().setOffline(false);
      await dialog.getByLabel('Vóór welke dag?').fill(inAWeek());
      await dialog.getByRole('button', { name: 'Terug naar team' }).click();
      await page.getByText('Teruggestuurd met deze opmerking').waitFor();
      await page.getByText('Voeg de keuring van de hefbrug toe.').first().waitFor();
      await page.getByText('Deze controle is terug bij het team.').waitFor();

      await page.getByRole('button', { name: 'Volgende controle' }).click();
      await page.getByText('2 van 2 te beoordelen').waitFor();
      await page.getByRole('button', { name: 'Akkoord' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Akkoord' }).click();
      await page.getByText('Deze controle is akkoord.').waitFor();
      expect(problems).toEqual([]);
      await page.context().close();
    },
    LONG,
  );

  it('asks to sign in again when the session has ended, and goes on where it was', async () => {
    const { page } = await visit();
    await signIn(page);
    await page.getByRole('heading', { name: 'Werkvoorraad' }).waitFor();
    await page.context().clearCookies();
    await page.getByLabel('Stand').selectOption('agreed');
    await page.getByText('Uw aanmelding is verlopen.').waitFor();
    await signIn(page);
    await page.getByRole('heading', { name: 'Werkvoorraad' }).waitFor();
    expect(await page.getByLabel('Stand').inputValue()).toBe('agreed');
    await page.context().close();
  });
});
