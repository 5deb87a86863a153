// What a check of `zookit doctor` is: a value that turns facts into a verdict. Comes in: checks and facts, already looked
// up. Goes out: one row for each verdict. Looks at nothing itself, so every check can be tried with facts of any machine.

/** `note` is worth knowing and stops nothing; `bad` stops something. */
export type CheckStatus = 'ok' | 'note' | 'bad';

export interface Verdict {
  readonly status: CheckStatus;
  /** What there is, as a short sentence without a final stop; never a secret. */
  readonly found: string;
  /** One action, with the command to type. */
  readonly hint?: string;
  /** What the verdict is about, where a check looks at several things of a kind: a feed's address. */
  readonly about?: string;
}

/** One question; a check that does not apply to these facts has no verdict. */
export interface Check<Facts> {
  /** Lower case, words parted by `-`; scripts ask for it. */
  readonly id: string;
  readonly title: string;
  readonly run: (facts: Facts) => Verdict | readonly Verdict[] | undefined;
}

/** A row of the report, as `--json` has it. */
export interface CheckResult {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly status: CheckStatus;
  readonly found: string;
  readonly hint?: string;
}

/** Runs checks in their order. */
export function runChecks<Facts>(
  group: string,
  checks: readonly Check<Facts>[],
  facts: Facts,
): CheckResult[] {
  return checks.flatMap(({ id, title, run }) =>
    [run(facts) ?? []].flat().map(({ about, hint, ...verdict }: Verdict) => ({
      id,
      group,
      title: about === undefined ? title : `${title} ${about}`,
      ...verdict,
      ...(hint === undefined ? {} : { hint }),
    })),
  );
}

export function ok(found: string): Verdict {
  return { status: 'ok', found };
}

export function note(found: string, hint?: string): Verdict {
  return { status: 'note', found, ...(hint === undefined ? {} : { hint }) };
}

export function bad(found: string, hint: string): Verdict {
  return { status: 'bad', found, hint };
}

/** A path or name as one word of a command line. */
export function asWord(text: string): string {
  return /[\s&()';]/.test(text) ? `"${text}"` : text;
}
