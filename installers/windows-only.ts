// Comes in: a job of a kind that only Windows can run. Goes out: nothing, or NO_INSTALLER in words.
import { AppError } from '../src/errors.js';
import type { Job } from '../src/kind.js';
import type { KindName } from '../src/types.js';

/** Throws NO_INSTALLER on another system than Windows. */
export function requireWindows({ platform, step }: Pick<Job, 'platform' | 'step'>, kind: KindName): void {
  if (platform.os === 'windows') return;
  throw new AppError(
    'NO_INSTALLER',
    `'${step.product}' has an installer of kind '${kind}', which runs on Windows only`,
    {
      details: [`This is ${platform.os}-${platform.arch}`],
      hint: `See what it would do there: \`zookit plan ${step.product} --platform windows-x64\``,
    },
  );
}
