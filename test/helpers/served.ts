// Comes in: the folder of a project. Goes out: the same, served by the real `zookit serve` until the test ends, and a
// visitor with cookies who walks through it as a browser would: links, forms, redirects. Knows no page.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';
import { userVariables } from './variables.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

export interface Served {
  /** `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** What it said on stderr so far. */
  readonly talk: () => string;
  /** Ends it as Ctrl-C does, and waits; resolves with its exit status. */
  readonly end: () => Promise<number>;
}

/** Starts `zookit serve`; resolves when it told its address on stdout, rejects with its words when it ends before that. */
export async function servedProject(context: EndsWith, root: string, project: string): Promise<Served> {
  const child = spawn(process.execPath, [program, 'serve', project, '--port', '0'], {
    env: { ...userVariables(), ZOOKIT_ROOT: root },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let talk = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (talk += text));
  const gone = new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  const end = (): Promise<number> => {
    child.kill('SIGINT');
    return gone;
  };
  atEnd(context, end);
  const first = new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  const url = await Promise.race([first, gone]);
  if (typeof url === 'number') throw new Error(`zookit serve ended with ${url}:\n${talk}`);
  return { url: new URL('/', url).href, talk: () => talk, end };
}

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Visitor {
  get(address: string): Promise<Page>;
  /** Fetches the page of a form, fills in its hidden fields and these, sends it, and follows one redirect. */
  submit(address: string, fields: Readonly<Record<string, string>>): Promise<Page>;
}

/** A visitor who keeps cookies; addresses are relative to the site's. */
export function visitorOf({ url }: Pick<Served, 'url'>): Visitor {
  const cookies = new Map<string, string>();
  const ask = async (address: string, options: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(options.headers as Record<string, string> | undefined), cookie };
    const response = await fetch(new URL(address, url), { ...options, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const pageOf = async (response: Response): Promise<Page> => {
    const { status, headers } = response;
    return { status, headers, body: await response.text() };
  };
  return {
    get: async (address) => pageOf(await ask(address)),
    async submit(address, fields) {
      const form = await pageOf(await ask(address));
      assert.equal(form.status, 200, form.body);
      const body = new URLSearchParams({ ...hiddenFields(form.body), ...fields });
      const referer = new URL(address, url).href;
      const answer = await ask(address, { method: 'POST', body, headers: { referer } });
      const next = answer.headers.get('location');
      return pageOf(next === null ? answer : await ask(new URL(next, referer).href));
    },
  };
}

function hiddenFields(html: string): Record<string, string> {
  const inputs = html.match(/<input type="hidden"[^>]*>/g) ?? [];
  const attribute = (input: string, name: string): string =>
    new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? '';
  return Object.fromEntries(inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]));
}
