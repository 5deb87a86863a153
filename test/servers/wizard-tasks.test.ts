// What else the wizard's first page begins, in a real terminal: a bundle to its end, feeds that cannot be read, a resized
// screen, uninstalling; and a terminal that shows no screens.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { tmuxMissing } from '../helpers/tmux.js';
import { writeWizardFeed } from '../helpers/wizard-feed.js';
import { checkScreens, sizes, startWizard } from '../helpers/wizard-terminal.js';

const narrow = sizes[1];

describe('other tasks of the wizard in a terminal', { skip: tmuxMissing }, () => {
  test('a bundle: products, their choices, machines, form, key, place, licence, digest', async (context) => {
    const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
    const wizard = startWizard(context, narrow, ['--main-feed', feed]);
    await wizard.waitFor(/> New project/);
    wizard.keys('Down', 'Down', 'Down', 'Down', 'Enter');
    await wizard.waitFor(/Which products shall the bundle hold\?[^]*> \[ \] SmallProject/);
    wizard.keys('Space', 'Enter');
    await wizard.waitFor(/Colour of the pages[^]*blue {3}\(brings Paint\)/);
    wizard.keys('Down', 'Enter');
    await wizard.waitFor(/Which machines is it for\?[^]*1 picked, 7 shown/);
    wizard.keys('Enter');
    await wizard.waitFor(/How shall it come\?[^]*> \[x\] With Node/);
    wizard.keys('Space', 'Enter');
    await wizard.waitFor(/Which private key/);
    wizard.type('none.key');
    wizard.keys('Enter');
    await wizard.waitFor(/error: The key '[^]*cannot be read[^]*^>/m);
    wizard.keys('Enter');
    await wizard.waitFor(/Which folder shall the bundle[^]*> \(\.\/zookit-bundle\)/);
    wizard.keys('Enter');
    await wizard.waitFor(/Do you accept these licences\?[^]*licences\.example\.com\/tool/);
    wizard.keys('Enter');
    const finish = await wizard.waitFor(/Done\.[^]*> Quit/, 60);
    assert.match(finish, /^Written to [^]*: \d+\s+files, [\d.]+ [kM]B$/m);
    assert.match(finish, /^Digest of SHA256SUMS:\n {2}[0-9a-f]{50,}/m);
    assert.ok(existsSync(join(wizard.folder, 'zookit-bundle', 'SHA256SUMS')));
    wizard.keys('Enter');
    await wizard.waitFor(/ {2}zookit bundle export SmallProject [^]*EXIT=0/);
    checkScreens(wizard, narrow.columns);
  });

  test('Esc pressed again soon goes back once more; a folder is read as a shell would read it', async (context) => {
    const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
    const wizard = startWizard(context, narrow, ['--main-feed', feed]);
    await wizard.waitFor(/> New project/);
    wizard.keys('Enter');
    await wizard.waitFor(/Which kind of project/);
    wizard.keys('Enter');
    await wizard.waitFor(/Which folder/);
    wizard.type(' ~/my shop ');
    wizard.keys('Enter');
    await wizard.waitFor(/Name of the project[^]*> \(my_shop\)/);
    wizard.keys('Escape');
    const folder = await wizard.waitFor(/Which folder/);
    assert.match(folder, /^> \(\S+\/my shop\)/m);
    wizard.keys('Escape');
    await new Promise((resolve) => setTimeout(resolve, 300));
    wizard.keys('Escape');
    await wizard.waitFor(/What do you want to do\?/);
    wizard.keys('C-c');
    await wizard.waitFor(/EXIT=130/);
    checkScreens(wizard, narrow.columns);
  });

  test('a saved feed that cannot be read any more is told, and taken away on the page of feeds', async (context) => {
    const folder = join(temporaryFolder(context), 'feed');
    const main = writeWizardFeed(join(folder, 'main'));
    const other = writeWizardFeed(join(folder, 'other'));
    const wizard = startWizard(context, narrow, ['--main-feed', main]);
    const down = (count: number): void => wizard.keys(...Array.from({ length: count }, () => 'Down'));
    await wizard.waitFor(/> New project/);
    down(5);
    wizard.keys('Enter');
    await wizard.waitFor(/Which feed\?[^]*> Add a feed/);
    wizard.keys('Enter');
    await wizard.waitFor(/What is the address/);
    wizard.type(other);
    wizard.keys('Enter');
    await wizard.waitFor(/^ {2}added: /m);
    rmSync(other);
    wizard.keys('Escape');
    await wizard.waitFor(/> Manage feeds/);
    wizard.keys('Home', 'Enter');
    await wizard.waitFor(/error: Cannot read feed[^]*What do you want to do\?/);
    wizard.keys('Enter');
    await wizard.waitFor(/> Add a feed/);
    down(2);
    wizard.keys('Enter');
    await wizard.waitFor(/> Check it/);
    wizard.keys('Enter');
    await wizard.waitFor(/error: Cannot read feed[^]*> To the list of feeds/);
    wizard.keys('Up', 'Enter');
    const list = await wizard.waitFor(/Which feed\?/);
    assert.doesNotMatch(list, /added/);
    wizard.keys('Escape');
    await wizard.waitFor(/What do you want to do\?/);
    wizard.keys('Home', 'Enter');
    await wizard.waitFor(/Which products\?/);
    wizard.keys('C-c');
    await wizard.waitFor(/EXIT=130/);
    checkScreens(wizard, narrow.columns);
  });

  test('a terminal that only shows lines is told what to type instead', async (context) => {
    const wizard = startWizard(context, sizes[0], ['wizard'], { TERM: 'dumb' });
    const said = await wizard.waitFor(/EXIT=2/);
    assert.match(said, /shows lines only[^]*Found TERM=dumb\nhint: .*`zookit --help`/);
  });

  test('a screen that is made smaller and larger shows the same page whole', async (context) => {
    const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
    const wizard = startWizard(context, sizes[0], ['--main-feed', feed]);
    await wizard.waitFor(/> New project/);
    wizard.keys('Home', 'Enter');
    await wizard.waitFor(/Which products\?[^]*> \[ \] Tool/);
    wizard.keys('Down', 'Space');
    for (const [columns, rows] of [
      [40, 14],
      [100, 30],
      [60, 20],
    ] as const) {
      wizard.resize(columns, rows);
      // Drawn anew: the line below the heading is as long as the terminal is wide now.
      const screen = await wizard.waitFor(
        new RegExp(`^Zookit {3}.*\\n─{${columns - 1}}\\n[^]*^> \\[x\\]`, 'm'),
      );
      assert.ok(
        screen.split('\n').every((line) => line.length <= columns),
        screen,
      );
      assert.equal(screen.match(/1 picked, 4 shown/g)?.length, 1, screen);
    }
    wizard.keys('C-c');
    await wizard.waitFor(/EXIT=130/);
  });
});
