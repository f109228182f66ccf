/** What this browser remembers, and nobody else learns. Where it may not (a private window), everything works for once. */

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param value null forgets it */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Not remembered.
  }
}

/** A set of names. */
export function recallNames(key: string): Set<string> {
  return new Set((recall(key) ?? '').split(' ').filter(Boolean));
}

export function rememberNames(key: string, names: ReadonlySet<string>): void {
  remember(key, names.size > 0 ? [...names].join(' ') : null);
}
