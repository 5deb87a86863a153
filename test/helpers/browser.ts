// Comes in: an address. Goes out: what a real Chromium makes of it: the page after its scripts, and its picture. No driver:
// the browser's own headless options. Undefined where there is no Chromium.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './front.js';
import type { Picture } from './png.js';
import { readPng } from './png.js';

export interface Browser {
  /** The document's HTML when it is loaded. */
  page(address: string): string;
  /** What is seen; the PNG file is kept at `file` when one is named. */
  picture(address: string, file?: string): Picture;
}

/** The Chromium or Chrome on PATH. */
export function findBrowser(): Browser | undefined {
  const program = findProgram('chromium', 'chromium-browser', 'google-chrome');
  if (program === undefined) return undefined;
  return {
    page: (address) => inNewProfile((profile) => runOnce(program, profile, ['--dump-dom', address])),
    picture: (address, file) =>
      inNewProfile((profile) => {
        const path = file ?? join(profile, 'picture.png');
        runOnce(program, profile, [`--screenshot=${path}`, '--window-size=1000,800', address]);
        return readPng(readFileSync(path));
      }),
  };
}

/** Quiet flags: a browser that looks up its maker's servers waits for them where there is no network. */
const quiet = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
  ...[
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ],
];

function runOnce(program: string, profile: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, [...quiet, `--user-data-dir=${profile}`, ...args], {
    encoding: 'utf8',
    timeout: 180_000,
  });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}:\n${stderr}`);
  return stdout;
}

function inNewProfile<T>(work: (profile: string) => T): T {
  const profile = mkdtempSync(join(tmpdir(), 'zookit-browser-'));
  try {
    return work(profile);
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}
