// Comes in: the condition of a question (`when`) and the answer that it hangs on. Goes out: whether the question counts.
// Asked by the catalog, for the products that answers bring, and by whoever asks the questions: one rule for both.

/** `*` stands for any answer but an empty one; other values are compared in any case. */
export function conditionHolds(values: readonly string[], answer: string | undefined): boolean {
  if (answer === undefined) return false;
  return values.some((value) =>
    value === '*' ? answer !== '' : value.toLowerCase() === answer.toLowerCase(),
  );
}
