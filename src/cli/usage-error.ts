/** Something that the person at the keyboard has to put right: one line with a way out, exit status 2. Nothing else is thrown on purpose. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(problem: string, hint?: string) {
    super(problem);
    this.hint = hint;
  }
}
