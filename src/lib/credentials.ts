// Comes in: text that may hold addresses. Goes out: the same, as it may be shown. Loads nothing.

/**
 * An address, or any text with addresses in it, without user names and passwords; also where a password holds the @ or the
 * slash that should have been escaped.
 */
export function withoutCredentials(text: string): string {
  return text.replace(/(\b\w+:\/\/)(?:[^/\s]*@|[^/\s:@]+:(?!\d+\/)\S*@)/g, '$1');
}
