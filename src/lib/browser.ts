// Comes in: an address of this machine. Goes out: a browser that shows it, when there is one. Never an error: the address
// was printed anyway.
import type { Run } from './run.js';
import { systemProgram } from './windows.js';

/** Opens an http or https address of letters that no program takes for more in the user's browser. */
export async function openInBrowser(url: string, run: Run, platform = process.platform): Promise<void> {
  if (!/^https?:\/\/[\w.:[\]-]+(\/[\w.~%-]*)*$/.test(url)) return;
  if (platform === 'win32')
    await run(systemProgram(process.env, 'rundll32.exe'), ['url.dll,FileProtocolHandler', url]);
  else await run(platform === 'darwin' ? 'open' : 'xdg-open', [url]);
}
