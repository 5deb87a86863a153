// `npm run pictures`: the pictures of the README, each from a real run: a first session in a shell, and three pages of the
// wizard. Written to .github/pictures, where nothing but the README looks.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestTerminal } from '../helpers/tmux.js';
import type { Stage } from './stage.js';
import { Ends, makeStage } from './stage.js';
import type { Run } from './terminal-runs.js';
import { runsOf } from './terminal-runs.js';
import type { PictureWords } from './terminal-svg.js';
import { terminalSvg } from './terminal-svg.js';

const top = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(top, '.github', 'pictures');

function write(name: string, screen: string, columns: number, words: PictureWords): void {
  const lines = runsOf(screen).flatMap((runs) => broken(runs, columns));
  writeFileSync(join(folder, `${name}.svg`), terminalSvg(lines, columns, words));
}

/** A line that is wider than the picture goes on below, as a terminal shows it. */
function broken(runs: readonly Run[], columns: number): readonly (readonly Run[])[] {
  const pieces = runs.flatMap((run) => {
    const letters = Array.from(run.text);
    const found: { line: number; run: Run }[] = [];
    for (let at = 0; at < letters.length;) {
      const from = run.column + at;
      const line = Math.floor(from / columns);
      const end = Math.min(letters.length, at + columns - (from % columns));
      found.push({ line, run: { ...run, column: from % columns, text: letters.slice(at, end).join('') } });
      at = end;
    }
    return found;
  });
  const last = Math.max(0, ...pieces.map(({ line }) => line));
  return Array.from({ length: last + 1 }, (_, line) =>
    pieces.filter((piece) => piece.line === line).map(({ run }) => run),
  );
}

/** What a person types first, when `zookit` is on PATH. */
const session = [
  'zookit new DjangoProject ./shop --yes',
  'zookit python --env ./shop manage.py test',
  'zookit serve ./shop',
];

async function pictureSession(stage: Stage): Promise<void> {
  const columns = 116;
  const terminal = stage.terminal(columns, 48, ['sh', '-i']);
  await terminal.waitFor(/^\$$/m);
  for (const command of session) {
    terminal.type(command);
    terminal.keys('Enter');
    const ended = command.startsWith('zookit serve') ? /^http:\/\/\S+$/m : /^\$$(?![^]*\$ zookit)/m;
    await terminal.waitFor(ended, 300);
  }
  write('session', stage.shown(terminal), columns, {
    title: 'A session with Zookit',
    description:
      'A terminal in which a Django project is made, tested and served; the last line is the address of the site.',
  });
  terminal.keys('C-c');
  await terminal.waitFor(/^\$$(?![^]*\$ zookit)/m);
}

async function pictureWizard(stage: Stage): Promise<void> {
  const [columns, rows] = [80, 24];
  const terminal = stage.terminal(columns, rows, ['zookit']);
  const picture = (name: string, title: string, description: string): void =>
    write(`wizard-${name}`, stage.shown(terminal), columns, { title, description });
  await terminal.waitFor(/What do you want to do\?[^]*> New project/);
  picture('start', 'The first page of the wizard', 'A list of what Zookit can do, to choose from with keys.');
  await toThePlan(terminal);
  picture(
    'plan',
    'The page that shows what comes along',
    'Every product with its version that belongs to a Django project, and the size of the downloads.',
  );
  terminal.keys('Enter');
  await terminal.waitFor(/Done\.[^]*> Launch application in browser/, 300);
  picture(
    'finish',
    'The last page of the wizard',
    'What was installed and where, the command that does the same, and the choice to open the site.',
  );
  terminal.keys('C-c');
  await terminal.waitFor(/EXIT=/);
}

/** A project as Enter alone makes it, but for its folder. */
async function toThePlan(terminal: TestTerminal): Promise<void> {
  terminal.keys('Enter');
  await terminal.waitFor(/Which kind of project\?/);
  terminal.keys('Enter');
  await terminal.waitFor(/Which folder/);
  terminal.type('./blog');
  terminal.keys('Enter');
  await terminal.waitFor(/Name of the project/);
  terminal.keys('Enter');
  for (const page of [
    /> SQLite/,
    /first administrator/,
    /> IIS with HttpPlatformHandler/,
    /Which packages/,
  ]) {
    await terminal.waitFor(page);
    terminal.keys('Enter');
  }
  await terminal.waitFor(/You will get:[^]*> Make the project/);
}

const ends = new Ends();
try {
  mkdirSync(folder, { recursive: true });
  await pictureSession(await makeStage(ends));
  await pictureWizard(await makeStage(ends));
} finally {
  await ends.all();
}
