// Comes in: what an installation is about to do. Goes out: lines on disk, each flushed before the next thing happens.
// Append-only JSON lines; a torn last line (a crash while writing) is no line. Knows no kind.
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Change } from '../kind.js';
import { diskError, readIfThere } from '../lib/files.js';
import type { KindName, Place } from '../types.js';

/** Which step a line speaks of: one product at one place in one run. */
export interface StepKey {
  readonly run: string;
  readonly product: string;
  readonly version: string;
  readonly place: Place;
}

export type JournalLine = StepKey & { readonly at: string } & (
    | { readonly event: 'begun'; readonly kind: KindName; readonly from?: string }
    | { readonly event: 'changed'; readonly change: Change }
    /** Installed; `version` is what was found afterwards when that says more. */
    | { readonly event: 'done'; readonly path?: string; readonly changes?: readonly Change[] }
    | { readonly event: 'undone'; readonly left: readonly string[] }
    /** Being taken away by `uninstall`; `removed` or `kept` follows. */
    | { readonly event: 'removing' }
    | { readonly event: 'removed' }
    /** Something could not be taken away: it counts as installed. */
    | { readonly event: 'kept'; readonly left: readonly string[] }
  );

/** A line before its time is set. */
export type NewLine = JournalLine extends infer Line
  ? Line extends unknown
    ? Omit<Line, 'at'>
    : never
  : never;

export interface Journal {
  append(line: NewLine): Promise<void>;
  read(): Promise<JournalLine[]>;
}

/** The journal in a file, which is made by the first line. */
export function openJournal(path: string): Journal {
  return {
    async append(line) {
      try {
        await mkdir(dirname(path), { recursive: true });
        const file = await open(path, 'a', 0o600);
        try {
          // A torn line of a crash must not swallow this one.
          const { size } = await file.stat();
          const start = size > 0 && !(await endsWithNewline(path, size)) ? '\n' : '';
          await file
            .appendFile(`${start}${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
            .catch(async (error: unknown) => {
              // A full disk takes half a line.
              await file.truncate(size);
              throw error;
            });
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw diskError(error, path);
      }
    },
    async read() {
      const text = (await readIfThere(path)) ?? '';
      return text.split('\n').flatMap(parseLine);
    },
  };
}

async function endsWithNewline(path: string, size: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
}

function parseLine(text: string): JournalLine[] {
  if (text.trim() === '') return [];
  try {
    const line = JSON.parse(text) as JournalLine;
    return typeof line.event === 'string' ? [line] : [];
  } catch {
    return [];
  }
}
