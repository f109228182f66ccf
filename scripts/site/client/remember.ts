/** What this browser remembers, and nobody else learns. Where it may not (a private window), everything works for once. */

const forOnce = new Map<string, string>();

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return forOnce.get(key) ?? null;
  }
}

/** @param value null forgets it */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    if (value === null) forOnce.delete(key);
    else forOnce.set(key, value);
  }
}

/**
 * Shows what is remembered, now and when the page comes back as it was left (Back, Forward): on another page more may have
 * been remembered.
 */
export function showRemembered(show: () => void): void {
  show();
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) show();
  });
}

/** A set of names. */
export function recallNames(key: string): Set<string> {
  return new Set((recall(key) ?? '').split(' ').filter(Boolean));
}

export function rememberNames(key: string, names: ReadonlySet<string>): void {
  remember(key, names.size > 0 ? [...names].join(' ') : null);
}
