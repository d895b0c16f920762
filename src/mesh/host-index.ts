import { compareText } from '../text/compare-text.ts';
import { addTo } from './group-by.ts';
import { isSubsetOf, isWildcard } from './host-name.ts';

/**
 * Items by host name, exact or wildcard. No look-up walks over all items: each costs about what it finds, plus one step for each length
 * that a wildcard has or for each halving of the list of hosts.
 */
export class HostIndex<T> {
  private readonly byHost = new Map<string, T[]>();
  /** The lengths of the wildcards in the index, longest first. */
  private wildcardLengths: readonly number[] | undefined;
  /** All hosts spelt backwards, in order: names with a common suffix stand together. */
  private backwards: readonly string[] | undefined;

  constructor(items: Iterable<readonly [host: string, item: T]>) {
    for (const [host, item] of items) {
      addTo(this.byHost, host, item);
    }
  }

  /** Items under exactly this text, wildcard or not. */
  named(host: string): readonly T[] {
    return this.byHost.get(host) ?? [];
  }

  /** Items whose host is the name, or a wildcard of which it is a part (N-3), the most specific first (N-4, N-5). */
  covering(host: string): readonly T[] {
    const own = this.named(host);
    const limit = longestCovering(host);
    const wildcards = this.lengths().flatMap((length) => (length > limit ? [] : this.named(wildcardOver(host, length))));
    return wildcards.length === 0 ? own : [...own, ...wildcards];
  }

  /** Items under the most specific of the texts that cover a name (N-5): the name itself, else the longest wildcard of which it is a part. */
  mostSpecific(host: string): readonly T[] {
    const own = this.named(host);
    if (own.length > 0) return own;
    const longest = this.lengths().find((length) => length <= longestCovering(host) && this.named(wildcardOver(host, length)).length > 0);
    return longest === undefined ? own : this.named(wildcardOver(host, longest));
  }

  /** Items whose host lies within a pattern (N-3): an exact pattern holds itself only. */
  within(pattern: string): readonly T[] {
    if (!isWildcard(pattern)) return this.named(pattern);
    return this.endingIn(pattern.slice(1)).flatMap((host) => (isSubsetOf(host, pattern) ? this.named(host) : []));
  }

  /** Items whose host has a name in common with a pattern (N-2). */
  overlapping(pattern: string): readonly T[] {
    if (!isWildcard(pattern)) return this.covering(pattern);
    // The pattern itself, where it is in the index, is the first of both.
    return [...this.within(pattern), ...this.covering(pattern).slice(this.named(pattern).length)];
  }

  private lengths(): readonly number[] {
    if (this.wildcardLengths) return this.wildcardLengths;
    const lengths = new Set([...this.byHost.keys()].filter(isWildcard).map((host) => host.length));
    this.wildcardLengths = lengths.size === 0 ? NO_LENGTHS : [...lengths].sort((a, b) => b - a);
    return this.wildcardLengths;
  }

  private endingIn(suffix: string): readonly string[] {
    this.backwards ??= [...this.byHost.keys()].map(backwards).sort(compareText);
    const prefix = backwards(suffix);
    const found: string[] = [];
    for (let i = firstNotBefore(this.backwards, prefix); i < this.backwards.length; i++) {
      const host = this.backwards[i] ?? '';
      if (!host.startsWith(prefix)) break;
      found.push(backwards(host));
    }
    return found;
  }
}

const NO_LENGTHS: readonly number[] = [];

/** A wildcard lies within one that is shorter; an exact name also within one whose suffix it is as a whole. */
function longestCovering(host: string): number {
  return isWildcard(host) ? host.length - 1 : host.length + 1;
}

/** The wildcard of a length that covers a name, if there is one of that length. */
function wildcardOver(host: string, length: number): string {
  return `*${host.slice(host.length - length + 1)}`;
}

function backwards(text: string): string {
  return text.split('').reverse().join('');
}

/** Index of the first entry of a sorted list that is not before a text. */
function firstNotBefore(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
