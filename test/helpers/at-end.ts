// Comes in: how each thing that a test has begun is ended. Goes out: all of them ended with the test, the last one first:
// what writes into a folder is gone before the folder goes. One that fails keeps none of the others.

/** What a test's context offers of `after`. */
export interface EndsWith {
  after(end: () => unknown): void;
}

const endings = new WeakMap<EndsWith, (() => unknown)[]>();

/** Called when the test is over, before all that was given earlier. */
export function atEnd(test: EndsWith, end: () => unknown): void {
  const known = endings.get(test);
  if (known) {
    known.push(end);
    return;
  }
  const list = [end];
  endings.set(test, list);
  test.after(() => endAll(list));
}

async function endAll(list: (() => unknown)[]): Promise<void> {
  const failed: unknown[] = [];
  for (let end = list.pop(); end; end = list.pop()) {
    try {
      await end();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}
