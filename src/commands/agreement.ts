// Comes in: the steps that change something. Goes out: the user's agreement to licences and to the whole, or an error.
// Everything is asked before the first change; scripts answer by options.
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Step } from '../types.js';

export interface Agreement {
  readonly yes: boolean;
  readonly acceptEula: boolean;
}

/** The licences first, each with its address and one acceptance; then the whole; nothing was changed before. */
export async function agree(context: Context, changes: readonly Step[], options: Agreement): Promise<void> {
  const final = changes.filter((step) => !canBeUndone(step, context.kinds));
  if (final.length > 0) {
    context.terminal.say(`  Cannot be undone by Zookit: ${final.map(({ product }) => product).join(', ')}`);
  }
  await agreeToLicences(context, changes, options);
  const canAsk = context.terminal.interactive && !options.yes;
  if (canAsk && !(await context.prompt.confirm('Install?'))) {
    throw new AppError('INTERRUPTED', 'Not installed: you said no; nothing was changed');
  }
}

/** One acceptance of all licences of the steps, each shown with its address. Throws LICENCE_NEEDED. */
export async function agreeToLicences(
  context: Context,
  changes: readonly Step[],
  options: Agreement,
): Promise<void> {
  const licences = changes.flatMap(({ product, installer }) =>
    installer?.eulaUrl === undefined ? [] : [`${product}: ${installer.eulaUrl}`],
  );
  if (licences.length === 0 || options.acceptEula) return;
  if (!context.terminal.interactive || options.yes) throw licenceNeeded(licences);
  context.terminal.say(`Licences:\n${licences.map((line) => `  ${line}`).join('\n')}`);
  if (!(await context.prompt.confirm('Do you accept these licences?', false))) throw licenceNeeded(licences);
}

function canBeUndone(step: Step, kinds: Context['kinds']): boolean {
  const kind = step.installer && kinds.get(step.installer.action.kind);
  return kind?.canUndo?.(step) ?? kind?.undoable !== false;
}

function licenceNeeded(licences: readonly string[]): AppError {
  return new AppError('LICENCE_NEEDED', 'Licences must be accepted first', {
    details: licences,
    hint: 'Read them, then run the same command with `--accept-eula`',
  });
}
