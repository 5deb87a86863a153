// Every command that writes is stopped (Ctrl-C, the system's end) at moments of its whole duration: what it had begun is
// undone when it ends, and nobody has to come after it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { disturbed, momentCount, moments } from '../helpers/moments.js';
import { differences } from '../helpers/snapshot.js';
import {
  assertSwept,
  assertWhole,
  runAgain,
  scenarios,
  stageFor,
  stateOf,
  unfinished,
} from '../helpers/stage.js';
import { tree } from '../helpers/folder.js';
import { checkTalk } from '../helpers/zookit.js';

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  describe(signal, { concurrency: 1 }, () => {
    for (const scenario of scenarios)
      test(scenario.name, { skip: scenario.skip ?? false }, async (context) => {
        const stage = await stageFor(context, scenario);
        const count = Math.ceil(momentCount / 2);
        for (const moment of moments(`${scenario.name} ${signal}`, stage.duration, count)) {
          stage.reset();
          const ended = await disturbed(stage.zookit.start(stage.words), moment, signal);
          const said = `${moment.name}\n${ended.stderr}`;
          checkTalk(stage.words, ended);
          // Before the program is loaded, and when all is done, the system ends it.
          assert.ok([130, 0].includes(ended.status) || ended.signal === signal, said);
          if (ended.status === 130) assert.match(ended.stderr, /\(INTERRUPTED\)$/m, said);
          assert.deepEqual(await unfinished(stage), { open: 0, leaving: 0 }, said);
          assertWhole(stage, moment);
          assertSwept(stage, moment);
          if (ended.status === 130) assert.deepEqual(tree(stage.zookit.work), [], said);
          await runAgain(stage, scenario, moment);
          assert.deepEqual(differences(stateOf(stage.zookit), stage.after), [], said);
        }
      });
  });
