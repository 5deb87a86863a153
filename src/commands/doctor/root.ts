// The checks of `zookit doctor` on the root: may it be used, is what it remembers sound, who is at work in it. Comes in:
// facts. Goes out: verdicts. Asks nobody.
import { sizeText } from '../../lib/terminal.js';
import type { Check, Verdict } from './check.js';
import { asWord, bad, note, ok } from './check.js';
import type { RootFacts } from './root-facts.js';

export const rootChecks: readonly Check<RootFacts>[] = [
  { id: 'root', title: 'Root', run: folder },
  { id: 'root-owner', title: 'Owner of the root', run: owner },
  { id: 'journal', title: 'Journal', run: journal },
  { id: 'interrupted', title: 'Interrupted runs', run: interrupted },
  { id: 'waiting', title: 'Waiting for a restart', run: waiting },
  { id: 'installed', title: 'Installed products', run: installed },
  { id: 'lock', title: 'Lock', run: lock },
  { id: 'cache', title: 'Cache', run: cache },
];

function folder({ path, state, readable, writable }: RootFacts): Verdict {
  if (state === 'absent') return ok(`'${path}' is made by the first installation`);
  if (state === 'no folder') return bad(`'${path}' is no folder`, 'Name another root with `--root DIR`');
  if (!readable) return bad(`'${path}' cannot be read`, 'Run the command as its owner');
  return writable
    ? ok(path)
    : note(`'${path}' is read-only for you`, 'To change it, run the command as its owner or administrator');
}

/** Whoever can write there decides what an administrator runs (field note 1). */
function owner({ distrust, mode, path, state }: RootFacts): Verdict | undefined {
  if (state !== 'folder') return undefined;
  const word = asWord(path);
  if (distrust !== undefined)
    return bad(
      `it cannot be trusted: ${distrust}`,
      mode === undefined
        ? `Look at what is in it, then: \`icacls ${word} /setowner *S-1-5-32-544 /T\``
        : `Look at what is in it, then: \`chown -R root ${word} && chmod go-w ${word}\``,
    );
  if (mode !== undefined && (mode & 0o022) !== 0)
    return note(`others may write there (mode ${mode.toString(8)})`, `Close it: \`chmod go-w ${word}\``);
  return ok('nobody else writes there');
}

function journal({ journal: found, state }: RootFacts): Verdict | undefined {
  if (state !== 'folder') return undefined;
  const { path, trouble, lines, torn } = found;
  if (trouble !== undefined) return bad(trouble, `Run the command as somebody who may read '${path}'`);
  if (torn > 1)
    return bad(
      `${torn} of ${lines + torn} lines of '${path}' say nothing`,
      'Put it back from a backup; `zookit verify` tells what is known to be installed',
    );
  return ok(`${lines} lines${torn === 1 ? ', and one that a crash tore' : ''}`);
}

function interrupted({ journal: { interrupted: found }, lock: holder }: RootFacts): Verdict | undefined {
  if (found.length === 0) return undefined;
  const list = found.join(', ');
  if (holder?.alive === true) return ok(`${list}: being worked on now`);
  return note(
    `a run ended while these came or went: ${list}`,
    'The next command that changes something takes it back, for example `zookit verify`',
  );
}

function waiting({ waiting: products, waitingTrouble }: RootFacts): Verdict | undefined {
  const on = 'After the restart: `zookit install --resume`';
  if (waitingTrouble !== undefined) return bad(waitingTrouble, 'Remove that file, and install again');
  return products.length === 0 ? undefined : note(`the installation of ${products.join(', ')}`, on);
}

function installed({ journal: { installed: count, gone } }: RootFacts): Verdict | undefined {
  if (count === 0) return undefined;
  if (gone.length === 0) return ok(`${count}`);
  return bad(`gone from their place: ${gone.join(', ')}`, 'Put them in again: `zookit verify --repair`');
}

function lock({ lock: holder }: RootFacts): Verdict {
  if (holder === undefined) return ok('free');
  return holder.alive
    ? note(
        `held by another zookit (${holder.name})`,
        'Commands that change something wait for it: let it end, or end it',
      )
    : ok('left by a zookit that is dead; the next one takes it over');
}

function cache({ cache: { files, bytes, damaged, partial } }: RootFacts): Verdict | undefined {
  const broken = partial > 0 ? `, ${sizeText(partial)} of broken-off downloads` : '';
  const size = `${files} ${files === 1 ? 'file' : 'files'}, ${sizeText(bytes)}${broken}`;
  if (damaged.length > 0)
    return bad(`${size}; damaged: ${damaged.join(', ')}`, 'Throw them away: `zookit cache verify`');
  return ok(size);
}
