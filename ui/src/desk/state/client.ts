import type { components } from '$lib/platform/api';
import { CommandError } from '$lib/platform/errors';

type Schemas = components['schemas'];
export type Person = Schemas['PersonCard'];
export type Row = Schemas['Row'];
export type Found = Schemas['Found'];
export type Search = Schemas['Search'];
export type Controle = Schemas['InspectionView'];
export type TimelineLine = Schemas['TimelineLine'];
export type Photo = Schemas['PhotoView'];
export type Finding = Schemas['Finding'];
export type Verdict = Schemas['Review'];
export type PresentDevice = Schemas['PresentDevice'];

/** The number of the problem "not signed in". */
export const NOT_SIGNED_IN = 201;
const SIGN_IN_FAILED = 208;
const TOO_MANY_TRIES = 209;

/** A request that another site's form can't send: the backend asks for this header with everything that changes. */
const OWN = { 'veldboek-client': 'bureau' };

/** A refusal of the backend. Its own catalogue has the words; only signing in has words here. */
async function refusal(response: Response): Promise<CommandError> {
  const problem = (await response.json().catch(() => null)) as Partial<Schemas['Problem']> | null;
  if (typeof problem?.number !== 'number')
    return new CommandError({ code: 'desk-no-problem', details: { status: response.status } });
  const codes: Record<number, string> = {
    [NOT_SIGNED_IN]: 'desk-signed-out',
    [SIGN_IN_FAILED]: 'desk-sign-in-failed',
    [TOO_MANY_TRIES]: 'desk-wait',
  };
  const seconds = Number(response.headers.get('retry-after') ?? 1);
  return new CommandError({
    code: codes[problem.number] ?? 'desk-problem',
    details: { ...problem, seconds },
  });
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/v1/${path}`, { credentials: 'same-origin', ...init });
  } catch {
    throw new CommandError({ code: 'desk-unreachable', details: {} });
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, { signal })).json()) as T;
}

async function post(path: string, body: unknown): Promise<Response> {
  return ask(path, {
    method: 'POST',
    headers: { ...OWN, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const of = (controle: string) => `controles/${encodeURIComponent(controle)}`;

/** Everything that the desk asks of the backend. A failure is a `CommandError`. */
export const backend = {
  me: () => get<Person>('ik'),
  signIn: async (name: string, password: string) =>
    (await (await post('aanmelden', { name, password })).json()) as Person,
  signOut: async () => void (await post('afmelden', {})),
  search: async (search: Partial<Search>) => (await (await post('controles/_zoek', search)).json()) as Found,
  controle: (id: string) => get<Controle>(of(id)),
  timeline: async (id: string) => (await get<Schemas['Timeline']>(`${of(id)}/tijdlijn`)).lines,
  photo: async (id: string, item: string) =>
    (await ask(`${of(id)}/fotos/${encodeURIComponent(item)}`)).arrayBuffer(),
  /** The address of a photo's small version, which is here ahead of the photo. */
  previewUrl: (id: string, item: string) => `/v1/${of(id)}/fotos/${encodeURIComponent(item)}/voorbeeld`,
  /** Who has a controle open now. */
  present: async (id: string) => (await get<Schemas['PresentOthers']>(`${of(id)}/aanwezigheid`)).others,
  report: async (id: string) => (await ask(`${of(id)}/rapport`)).blob(),
  review: async (id: string, verdict: Verdict) => void (await post(`${of(id)}/beoordeling`, verdict)),
};
