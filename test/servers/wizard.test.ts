// The wizard in a real terminal: from the first page to a running Django site, once back, a licence declined once, at two
// sizes; every screen is looked at.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { visitorOf } from '../helpers/served.js';
import { tmuxMissing } from '../helpers/tmux.js';
import { writeWizardFeed } from '../helpers/wizard-feed.js';
import { checkScreens, sizes, startWizard } from '../helpers/wizard-terminal.js';

describe('the wizard in a terminal', { skip: tmuxMissing }, () => {
  for (const size of sizes) {
    test(`to a running Django site by Enter alone, once back, at ${size.columns} by ${size.rows}`, async (context) => {
      const wizard = startWizard(context, size, ['wizard', '--record-answers', 'chosen.json']);
      const enter = (): void => wizard.keys('Enter');
      await wizard.waitFor(/What do you want to do\?[^]*> New project/);
      enter();
      await wizard.waitFor(/Which kind of project\?[^]*> Blank Django project/);
      enter();
      await wizard.waitFor(/Which folder[^]*> \(\.\/mysite\)/);
      wizard.type('./shop');
      enter();
      await wizard.waitFor(/Name of the project[^]*> \(shop\)/);
      enter();
      await wizard.waitFor(/Database[^]*> SQLite/);
      wizard.keys('Escape');
      await wizard.waitFor(/Name of the project[^]*> \(shop\)/);
      enter();
      await wizard.waitFor(/> SQLite/);
      enter();
      await wizard.waitFor(/first administrator/);
      enter();
      await wizard.waitFor(/> IIS with HttpPlatformHandler/);
      enter();
      await wizard.waitFor(/Which packages/);
      enter();
      const plan = await wizard.waitFor(/You will get:[^]*> Make the project/);
      assert.match(plan, /^Django +5\.2\.\d+ +new/m);
      assert.match(plan, /To download: about/);
      enter();
      const finish = await wizard.waitFor(/Done\.[^]*> Launch application in browser/, 300);
      assert.match(finish, /^Installed in /m);
      enter();
      const serving = await wizard.waitFor(/http:\/\/127\.0\.0\.1:\d+/, 120);
      assert.match(serving, /Installed: .*PythonWorkers/);
      assert.match(serving, /No administrator is made yet: zookit python/);
      assert.match(serving, /^ {2}zookit new DjangoProject \.\/shop --yes$/m);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(serving)?.[0] ?? '';
      const page = await visitorOf({ url: `${url}/` }).get('/');
      assert.equal(page.status, 200);
      wizard.keys('C-c');
      await wizard.waitFor(/EXIT=0/);
      checkScreens(wizard, size.columns);
      assert.deepEqual(JSON.parse(readFileSync(join(wizard.folder, 'chosen.json'), 'utf8')), {
        start: 'new',
        template: 'DjangoProject',
        folder: './shop',
        'param:ProjectName': 'shop',
        'param:Database': 'sqlite',
        'param:HostForm': 'httpplatform',
        extras: [],
        plan: 'go',
        finish: 'launch',
      });
    });

    test(`searches, picks, declines once, then installs, at ${size.columns} by ${size.rows}`, async (context) => {
      const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
      const wizard = startWizard(context, size, ['--main-feed', feed]);
      await wizard.waitFor(/> New project/);
      wizard.keys('Up', 'Enter');
      await wizard.waitFor(/Which products\?[^]*0 picked, 4 shown/);
      wizard.keys('Enter');
      await wizard.waitFor(/Nothing is picked/);
      wizard.type('tool');
      wizard.keys('Space');
      await wizard.waitFor(/Search: tool .*1 picked, 1 shown[^]*> \[x\] Tool/);
      wizard.keys('Enter');
      await wizard.waitFor(/You will get:[^]*> Install/);
      wizard.keys('Enter');
      const licence = await wizard.waitFor(/Do you accept these licences\?/);
      assert.match(licence, /https:\/\/licences\.example\.com\/tool[^]*> I Accept\n {2}I Decline\n {2}Back/);
      wizard.keys('Down', 'Enter');
      await wizard.waitFor(/You declined the licences[^]*You will get:/);
      assert.ok(!existsSync(join(wizard.root, 'journal.jsonl')));
      wizard.keys('Down', 'Enter');
      await wizard.waitFor(/Which one shall be another\?[^]*> Tool 2\.0/);
      wizard.keys('Enter');
      await wizard.waitFor(/Which Tool\?[^]*Tool 1\.0/);
      wizard.keys('Down', 'Down', 'Enter');
      await wizard.waitFor(/You will get:[^]*Tool +1\.0 +new/);
      wizard.keys('Enter');
      await wizard.waitFor(/> I Accept/);
      wizard.keys('Enter');
      const finish = await wizard.waitFor(/Done\.[^]*> Quit/);
      assert.match(finish, /zookit install Tool@1\.0 --yes --accept-eula/);
      wizard.keys('Enter');
      await wizard.waitFor(/Installed: Tool 1\.0[^]*EXIT=0/);
      checkScreens(wizard, size.columns);
    });
  }

  test('Ctrl-C on any page ends it with 130 and changes nothing', async (context) => {
    const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
    const ways: readonly (readonly [RegExp, readonly string[]])[] = [
      [/What do you want/, ['Enter']],
      [/Which kind of project/, ['Enter']],
      [/Which folder/, ['Enter']],
      [/Name of the project/, ['Enter']],
      [/Colour/, ['Enter']],
      [/How many copies/, ['Enter']],
      [/key to the back door/, ['Enter']],
      [/You will get/, ['Enter']],
      [/Do you accept/, []],
    ];
    for (let pages = 1; pages <= ways.length; pages += 2) {
      const wizard = startWizard(context, sizes[1], ['--main-feed', feed]);
      for (const [index, [screen, keys]] of ways.slice(0, pages).entries()) {
        await wizard.waitFor(screen);
        if (index < pages - 1) wizard.keys(...keys);
      }
      wizard.keys('C-c');
      const last = await wizard.waitFor(/EXIT=130/);
      assert.match(last, /nothing was changed/);
      assert.ok(
        !existsSync(join(wizard.root, 'journal.jsonl')) && !existsSync(join(wizard.folder, 'mysite')),
      );
      checkScreens(wizard, 60);
    }
  });

  test('what fails is told in the same words, may be tried once more, and is the status at the end', async (context) => {
    const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
    rmSync(join(dirname(feed), 'tool.zip'));
    const wizard = startWizard(context, sizes[0], ['--main-feed', feed]);
    await wizard.waitFor(/> New project/);
    wizard.keys('Up', 'Enter');
    await wizard.waitFor(/Which products\?/);
    wizard.keys('Space', 'Enter');
    await wizard.waitFor(/You will get:[^]*> Install/);
    wizard.keys('Enter');
    await wizard.waitFor(/> I Accept/);
    wizard.keys('Enter');
    await wizard.waitFor(/It could not be done\.[^]*error: .*tool\.zip[^]*> Quit/);
    wizard.keys('Up', 'Up', 'Enter');
    await wizard.waitFor(/You will get:[^]*> Install/);
    wizard.keys('Enter');
    await wizard.waitFor(/> I Accept/);
    wizard.keys('Enter');
    await wizard.waitFor(/It could not be done\.[^]*> Quit/);
    wizard.keys('Enter');
    await wizard.waitFor(/^error: Cannot read [^]*EXIT=4/m);
    checkScreens(wizard, 80);
  });

  test('Ctrl-C while something is installed undoes it', async (context) => {
    const feed = writeWizardFeed(join(temporaryFolder(context), 'feed'));
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    context.after(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tool.zip`;
    writeFileSync(feed, readFileSync(feed, 'utf8').replaceAll('>tool.zip<', `>${address}<`));
    const wizard = startWizard(context, sizes[1], ['--main-feed', feed]);
    await wizard.waitFor(/> New project/);
    wizard.keys('Up', 'Enter');
    await wizard.waitFor(/Which products\?/);
    wizard.keys('Space', 'Enter');
    await wizard.waitFor(/You will get:[^]*> Install/);
    wizard.keys('Enter');
    await wizard.waitFor(/> I Accept/);
    wizard.keys('Enter');
    await wizard.waitFor(/Downloaded 0 of 1 files/);
    wizard.keys('C-c');
    await wizard.waitFor(/^error: Stopped while fetching .INTERRUPTED.[^]*EXIT=130/m);
    assert.ok(!existsSync(join(wizard.root, 'lock')) && !existsSync(join(wizard.root, 'journal.jsonl')));
    checkScreens(wizard, 60);
  });
});
