// Comes in: the nodes of a complete choice and what each leads to. Goes out: the knots in which everything needs
// everything (Tarjan's strongly connected components, without recursion) and a round trip through each.

/** Groups of nodes that reach each other, or one that reaches itself in one step. Order follows `nodes`. */
export function findKnots<T>(
  nodes: readonly T[],
  next: (node: T) => readonly T[],
): readonly (readonly T[])[] {
  const found = new Map<T, number>();
  const lowest = new Map<T, number>();
  const open: T[] = [];
  const isOpen = new Set<T>();
  const knots: T[][] = [];
  for (const root of nodes) {
    if (found.has(root)) continue;
    const path: { node: T; place: number }[] = [];
    const enter = (node: T): void => {
      lowest.set(node, found.size);
      found.set(node, found.size);
      open.push(node);
      isOpen.add(node);
      path.push({ node, place: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      const child = next(node)[top.place];
      top.place += 1;
      if (child !== undefined) {
        if (!found.has(child)) enter(child);
        else if (isOpen.has(child)) lower(lowest, node, found.get(child) ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) lower(lowest, parent.node, lowest.get(node) ?? 0);
      if (lowest.get(node) !== found.get(node)) continue;
      const knot = open.splice(open.lastIndexOf(node));
      for (const member of knot) isOpen.delete(member);
      if (knot.length > 1 || next(node).includes(node)) knots.push(knot);
    }
  }
  return knots;
}

function lower<T>(lowest: Map<T, number>, node: T, value: number): void {
  lowest.set(node, Math.min(lowest.get(node) ?? value, value));
}

/** The shortest way from a node back to itself; empty when there is none. */
export function roundTrip<T>(start: T, next: (node: T) => readonly T[]): readonly T[] {
  const cameFrom = new Map<T, T>();
  const queue: T[] = [start];
  for (const node of queue) {
    for (const child of next(node)) {
      if (child === start) return wayBack(start, node, cameFrom);
      if (cameFrom.has(child)) continue;
      cameFrom.set(child, node);
      queue.push(child);
    }
  }
  return [];
}

function wayBack<T>(start: T, last: T, cameFrom: ReadonlyMap<T, T>): readonly T[] {
  const way: T[] = [start];
  for (let node: T | undefined = last; node !== undefined && node !== start; node = cameFrom.get(node)) {
    way.push(node);
  }
  way.push(start);
  return way.reverse();
}
