import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the field host says when it is up: a real app and a real backend on loopback. */
export interface FieldHost {
  host: string;
  backend: string;
  enrolment_codes: string[];
  secret: string;
  /** What happens outside the tablet: `network`, `mobile`, `clock`, `colleague`, `colleague_photo`. */
  trial(what: string, how: Record<string, unknown>): Promise<void>;
  stop(): void;
}

const binary =
  process.env.VELDBOEK_FIELDHOST ??
  fileURLToPath(new URL('../../../target/debug/veldboek-fieldhost', import.meta.url));

/** Whose tablet it is, and whether it was handed a newer version of the checklist that today's controles follow. */
export interface HostSetting {
  person?: 'team' | 'boa' | 'partner' | 'coach';
  newerChecklist?: boolean;
}

/** Starts the field app with its backend in one process; it ends with its standard input. */
export async function startHost(
  state: 'new' | 'locked' | 'open',
  { person = 'team', newerChecklist = false }: HostSetting = {},
): Promise<FieldHost> {
  if (!existsSync(binary))
    throw new Error(`build it first: cargo build -p veldboek-tests --bin veldboek-fieldhost (${binary})`);
  const how = ['--state', state, '--person', person, ...(newerChecklist ? ['--newer-checklist'] : [])];
  const child: ChildProcess = spawn(binary, how, { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the field host ended with ${code}`)));
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
  const facts = JSON.parse(line) as Omit<FieldHost, 'stop' | 'trial'>;
  return {
    ...facts,
    async trial(what, how) {
      const response = await fetch(`${facts.host}/proef/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(how),
      });
      if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
    },
    stop: () => void child.stdin?.end(),
  };
}

/** Runs a command on the host, beside the screens. */
export async function command<T>(host: FieldHost, name: string, request: unknown = {}): Promise<T> {
  const response = await fetch(`${host.host}/opdracht/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  return (await response.json()) as T;
}
