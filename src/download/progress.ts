// Comes in: the files that are fetched, and bytes as they arrive. Goes out: lines that show it: a bar for each file under
// way, and one line for all with the time that is left. Knows no terminal and no network.
import { sizeText } from '../lib/terminal.js';
import { cut, padded } from '../lib/text-width.js';
import type { FileRequest } from '../types.js';

export interface Progress {
  /** Bytes of a file have arrived. */
  readonly received: (request: FileRequest, bytes: number) => void;
  /** A file is here. */
  readonly finished: (request: FileRequest) => void;
  /** Nothing is under way any more. */
  readonly end: () => void;
}

export type Show = (lines: readonly string[] | undefined) => void;

/** Milliseconds between two pictures, and before a rate says anything. */
const frame = 100;
const patience = 2000;

const shownFiles = 6;

/** Shows these files on `show` until they are here. */
export function showProgress(
  requests: readonly FileRequest[],
  show: Show,
  now: () => number = Date.now,
): Progress {
  const begun = now();
  const done = new Set<FileRequest>();
  const bytes = new Map<FileRequest, number>();
  let shown = 0;
  const draw = (): void => {
    shown = now();
    show(progressLines({ requests, bytes, done, seconds: (shown - begun) / 1000 }));
  };
  if (requests.length > 0) draw();
  return {
    received(request, count) {
      bytes.set(request, (bytes.get(request) ?? 0) + count);
      if (now() - shown >= frame) draw();
    },
    finished(request) {
      done.add(request);
      draw();
    },
    end: () => show(undefined),
  };
}

export interface ProgressState {
  readonly requests: readonly FileRequest[];
  /** What has arrived of each; sizes in feeds are estimates, and may be smaller. */
  readonly bytes: ReadonlyMap<FileRequest, number>;
  readonly done: ReadonlySet<FileRequest>;
  readonly seconds: number;
}

/** The lines of one picture. */
export function progressLines(state: ProgressState): string[] {
  const { requests, bytes, done } = state;
  const underWay = requests.filter((request) => bytes.has(request) && !done.has(request));
  const names = underWay.slice(0, shownFiles).map((request) => {
    const { name, size } = request;
    return `  ${padded(cut(name, 18), 18)} ${share(bytes.get(request) ?? 0, size)}`;
  });
  const more = underWay.length - names.length;
  return [...names, ...(more > 0 ? [`  and ${more} more`] : []), totalLine(state)];
}

function share(bytes: number, size: number | undefined): string {
  if (size === undefined || size === 0) return sizeText(bytes);
  const part = Math.min(1, bytes / size);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `${bar(part, 12)} ${percent} %  ${sizeText(Math.min(bytes, size))} of ${sizeText(size)}`;
}

function bar(part: number, width: number): string {
  const full = Math.floor(part * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
}

function totalLine({ requests, bytes, done, seconds }: ProgressState): string {
  const sizeOf = ({ size = 0 }: FileRequest): number => size;
  const wanted = requests.reduce((sum, request) => sum + sizeOf(request), 0);
  const here = requests.reduce((sum, request) => {
    const some = bytes.get(request) ?? 0;
    return sum + (done.has(request) ? sizeOf(request) : Math.min(some, request.size ?? some));
  }, 0);
  const size = wanted > 0 ? `, ${sizeText(here)} of ${sizeText(wanted)}` : '';
  const known = requests.every((request) => done.has(request) || request.size !== undefined);
  const arrived = [...bytes.values()].reduce((sum, each) => sum + each, 0);
  const left = known ? timeLeft(wanted - here, arrived, seconds) : '';
  return `Downloaded ${done.size} of ${requests.length} files${size}${left}`;
}

function timeLeft(missing: number, arrived: number, seconds: number): string {
  if (seconds * 1000 < patience || arrived === 0 || missing <= 0) return '';
  const left = Math.ceil(missing / (arrived / seconds));
  return `, about ${left < 90 ? `${left} s` : `${Math.round(left / 60)} min`} left`;
}
