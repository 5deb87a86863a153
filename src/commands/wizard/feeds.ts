// Comes in: what somebody wants of a feed. Goes out: where to go then, after `feed add`, `feed remove` or `feed check` has
// done it.
import type { Asker } from './asker.js';
import type { Answers } from './flow.js';
import { errorLines } from './page-finish.js';
import { runWords } from './run.js';
import type { WizardWorld } from './world.js';

export interface FeedNext {
  readonly page: string | undefined;
  readonly answers: Answers;
  readonly problem?: readonly string[];
}

/** Does what the answer says. A file of answers has no second page of feeds: it ends here. */
export async function feedAnswer(
  world: WizardWorld,
  asker: Asker,
  answers: Answers,
  page: string,
): Promise<FeedNext> {
  const url = String(answers['feeds']);
  const answer = String(answers[page]);
  const words = page === 'feed-add' ? ['feed', 'add', answer] : ['feed', answer, url];
  if (answer === 'feeds' && page === 'feed') return { page: 'feeds', answers };
  const said: string[] = [];
  const talk = { say: (line: string) => said.push(line), warn: (line: string) => said.push(line) };
  const { error, value } = await asker.waiting(
    'Feeds',
    runWords(world.context, { words, variables: {} }, talk),
  );
  world.forget();
  if (page === 'feed' && answer === 'check') {
    const found = [
      ...(error && value === undefined ? errorLines(error) : []),
      ...findingLines(value),
      ...said,
    ];
    world.checked.set(url, found.length > 0 ? found : ['Nothing is wrong with it']);
    if (asker.keys) return { page: 'feed', answers };
  }
  if (error && !asker.keys) throw error;
  if (error) return { page, answers, problem: errorLines(error) };
  return { page: asker.keys ? 'feeds' : undefined, answers: { ...answers, 'feed-add': '' } };
}

function findingLines(value: unknown): string[] {
  const { findings } = (value ?? {}) as { findings?: unknown };
  if (!Array.isArray(findings)) return [];
  return findings.map((finding) => {
    const { severity, line, entry, message } = finding as Readonly<
      Record<string, string | number | undefined>
    >;
    return `${severity ?? ''}, line ${line ?? '?'}: ${entry === undefined ? '' : `${entry}: `}${message ?? ''}`;
  });
}
