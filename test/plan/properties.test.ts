import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { resolve } from '../../src/plan/resolve.js';
import type { PlanRequest } from '../../src/plan/request.js';
import type { Catalog, Plan } from '../../src/types.js';
import { bruteForce } from '../helpers/brute-force.js';
import { seeded, type Random } from '../helpers/random.js';
import { randomWorld, type RandomWorld } from '../helpers/random-world.js';
import { requestFor } from '../helpers/world.js';

const firstSeed = Number(process.env['WORLD_SEED'] ?? 1);
const worlds = Number(process.env['WORLDS'] ?? 2500);

/** Runs a check on many worlds; a failure names the seed: `WORLD_SEED=n WORLDS=1` runs that one again. */
function eachWorld(check: (request: PlanRequest, random: Random) => void): void {
  for (let seed = firstSeed; seed < firstSeed + worlds; seed += 1) {
    const random = seeded(seed);
    const drawn = randomWorld(random);
    const { upgrade } = drawn;
    try {
      check(requestFor(drawn.wanted, drawn.world, drawn.present, { upgrade }), random);
    } catch (error) {
      throw new Error(`seed ${String(seed)}: ${describe(drawn)}`, { cause: error });
    }
  }
}

function describe({ world, wanted, present, upgrade }: RandomWorld): string {
  return `wanted ${wanted}; present ${present}; upgrade ${[...upgrade].join(' ')}\n${world}`;
}

/** The plan, or nothing when the resolver says that there is none. */
function planFor(request: PlanRequest): Plan | undefined {
  try {
    return resolve(request);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    assert.ok(['CONFLICT', 'NO_INSTALLER', 'PRODUCT_UNKNOWN'].includes(error.code), error.code);
    assert.ok(error.hint, 'a hint');
    assert.ok(error.details.length > 0, 'a reason');
    assert.ok(
      error.details.every((line) => line !== ''),
      'no empty line',
    );
    return undefined;
  }
}

function wordsOf(plan: Plan | undefined): readonly string[] | undefined {
  return plan?.steps
    .map(
      ({ product, version, status }) =>
        `${product.toLowerCase()}@${version}${status === 'present' ? '!' : ''}`,
    )
    .sort();
}

test('the plan is the one that trying everything finds', () => {
  let solved = 0;
  eachWorld((request) => {
    const expected = bruteForce(request);
    if (expected) solved += 1;
    assert.deepEqual(wordsOf(planFor(request)), expected);
  });
  if (worlds > 100) assert.ok(solved > worlds / 4 && solved < worlds * 0.95, `${String(solved)} have a plan`);
});

test('needs come before needers, and each step knows both', () => {
  eachWorld((request) => {
    const steps = planFor(request)?.steps ?? [];
    for (const [index, step] of steps.entries()) {
      assert.ok(step.after.every((before) => before < index));
      for (const before of step.after) assert.ok(steps[before]?.neededBy.includes(step.product));
      assert.ok(step.asked || step.neededBy.length > 0, 'somebody wants it');
      assert.equal(step.installer === undefined, step.status === 'present');
      assert.equal(step.from !== undefined, step.status === 'upgrade');
    }
  });
});

test('the plan is the same whatever order the entries come in', () => {
  eachWorld((request, random) => {
    const catalog = shuffled(request.catalog, random);
    assert.deepEqual(
      outcome({ ...request, catalog }),
      outcome(request),
      'the same plan, or the same explanation',
    );
  });
});

function outcome(request: PlanRequest): unknown {
  try {
    return resolve(request);
  } catch (error) {
    assert.ok(error instanceof AppError);
    return { message: error.message, details: error.details, hint: error.hint };
  }
}

function shuffled(catalog: Catalog, random: Random): Catalog {
  const products = random
    .shuffled([...catalog.products])
    .map(([key, product]) => [key, { ...product, entries: random.shuffled(product.entries) }] as const);
  return { ...catalog, products: new Map(products) };
}
