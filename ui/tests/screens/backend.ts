import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** A real backend with demonstration data on loopback, serving the built desk. */
export interface Backend {
  address: string;
  demo: {
    accounts: { name: string; password: string; role: string }[];
    codes: { code: string; person: string }[];
  };
  /** A tablet carries out a controle of today and submits it. */
  submit(): Promise<{ number: string; address: string }>;
  stop(): Promise<void>;
}

function binary(name: string): string {
  const path = join(process.env.VELDBOEK_BINARIES ?? join(repository, 'target/debug'), name);
  if (!existsSync(path)) throw new Error(`build it first: cargo build --bin ${name} (${path})`);
  return path;
}

/** Starts one with data of its own. */
export async function startBackend(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'veldboek-desk-'));
  const screens = process.env.VELDBOEK_UI ?? join(repository, 'ui/dist');
  const child: ChildProcess = spawn(
    binary('veldboek-backend'),
    ['--data', join(folder, 'data'), '--ui', screens, '--listen', '127.0.0.1:0', '--demo'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, VELDBOEK_LOG: 'error' } },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the backend ended with ${code}`)));
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
  const facts = JSON.parse(line) as Pick<Backend, 'address' | 'demo'>;
  const tablet = join(folder, 'tablet');
  let enrolled = false;
  return {
    ...facts,
    async submit() {
      const play = binary('veldboek-play');
      if (!enrolled) await run(play, ['enrol', tablet, facts.address, facts.demo.codes[0]!.code]);
      enrolled = true;
      const { stdout } = await run(play, ['controle', tablet, join(folder, 'report.pdf')]);
      return JSON.parse(stdout) as { number: string; address: string };
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
