// Every command that writes is killed (kill -9) at moments of its whole duration. What is under a final name then is whole,
// the next run of anything ends well and says what it found, and after it all is as if nothing had happened.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { disturbed, moments } from '../helpers/moments.js';
import { differences } from '../helpers/snapshot.js';
import { assertSwept, assertWhole, runAgain, scenarios, stageFor, stateOf } from '../helpers/stage.js';
import { assertDone, programsOf } from '../helpers/zookit.js';

describe('kill -9', { concurrency: 1 }, () => {
  for (const scenario of scenarios)
    test(scenario.name, { skip: scenario.skip ?? false }, async (context) => {
      const stage = await stageFor(context, scenario);
      for (const moment of moments(scenario.name, stage.duration)) {
        stage.reset();
        const ended = await disturbed(stage.zookit.start(stage.words), moment, 'SIGKILL');
        assert.doesNotMatch(ended.stderr, /^error/m, moment.name);
        assertWhole(stage, moment);
        await runAgain(stage, scenario, moment);
        assertSwept(stage, moment);
        assert.deepEqual(differences(stateOf(stage.zookit), stage.after), [], moment.name);
        if (scenario.uninstall && moment.index % 4 === 0) {
          const words = ['uninstall', ...scenario.uninstall, '--main-feed', stage.feed.newer];
          assertDone(await stage.zookit.run(words));
          assert.deepEqual(programsOf(stage.zookit), [], moment.name);
        }
      }
    });
});
