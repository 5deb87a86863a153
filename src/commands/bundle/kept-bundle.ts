// Comes in: a run that names no bundle. Goes out: the same run without network, when an earlier one has left a bundle's feed
// as the main one. Small, because every command goes through it.
import type { Context } from '../../context.js';
import { readSavedFeeds } from '../open-catalog.js';

/** A machine that was set up from a bundle stays off the network, until somebody takes that feed away. */
export async function withKeptBundle(context: Context): Promise<Context> {
  if (context.mainFeed !== undefined) return context;
  // What is wrong with the list is told by those who need it.
  const saved = await readSavedFeeds(context).catch(() => []);
  return saved.some(({ bundle }) => bundle !== undefined) ? { ...context, offline: true } : context;
}
