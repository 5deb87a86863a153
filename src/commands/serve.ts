// `zookit serve`: runs a site from its own web.config, in the foreground, until Ctrl-C. The last line on stdout is the
// address.
import type { Command, Option, Options } from '../command.js';
import { flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { openInBrowser } from '../lib/browser.js';
import type { Host } from '../site/host.js';
import { startHost } from '../site/host.js';
import { readSite } from '../site/site.js';
import { pythonOfSite, siteFolder, workerScript } from './site-python.js';

export const serveOptions: Readonly<Record<string, Option>> = {
  port: text('N', 'the port; 0 for any free one'),
  open: flag('open the address in a browser'),
  'show-errors': flag('show the details of errors in the browser'),
};

const usualPort = 8000;

export const serve: Command = {
  usage: 'serve [DIR]',
  options: serveOptions,
  examples: ['zookit serve ./shop --port 8080'],
  async run(context, { options, names }) {
    return serveSite(context, await siteFolder(names[0], 'serve'), options);
  },
};

/** Serves until the run is interrupted; that is its ordinary end. */
export async function serveSite(context: Context, directory: string, options: Options): Promise<undefined> {
  const { terminal, signal } = context;
  const port = portOption(options);
  // What is wrong with the site itself is told before what it needs.
  await readSite(directory);
  const python = await pythonOfSite(context, directory);
  const script = await workerScript(context, 'zoofcgi.py');
  const start = (at: number): Promise<Host> =>
    startHost({
      directory,
      python,
      workerScript: script,
      port: at,
      showErrors: options['show-errors'] === true,
      environment: {},
      log: ({ text: line }) => terminal.say(line),
      signal,
    });
  const host = await startOnPort(start, port);
  try {
    await host.ready;
    if (process.getuid?.() === 0)
      terminal.warn('notice: the site runs as root; for more than a look use another account');
    if (terminal.json) terminal.printJson({ ok: true, site: directory, url: host.url });
    else terminal.print(host.url);
    if (options['open'] === true) await openInBrowser(host.url, context.run);
    await new Promise<void>((end) => {
      if (signal.aborted) end();
      else signal.addEventListener('abort', () => end(), { once: true });
    });
  } finally {
    await host.close();
  }
  return undefined;
}

/** The asked port or none; the usual one may be taken by something else, then any free one will do. */
async function startOnPort(start: (port: number) => Promise<Host>, asked: number | undefined): Promise<Host> {
  if (asked !== undefined) return start(asked);
  return start(usualPort).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'USAGE') return start(0);
    throw error;
  });
}

/** The port that `--port` names; throws USAGE. */
export function portOption(options: Options): number | undefined {
  const words = textOption(options, 'port');
  if (words === undefined) return undefined;
  const port = Number(words);
  if (/^\d+$/.test(words) && port <= 65_535) return port;
  throw new AppError('USAGE', `'${words}' is not a port`, {
    details: ['Wanted 0 to 65535'],
    hint: 'For example `--port 8080`',
  });
}
