package dev.atll.version;

import java.util.Arrays;

/**
 * Ranges of revisions that no write has, ascending and apart. After an unclean stop numbering goes on
 * above the reserve, since what was handed out and lost must not be handed out again; retention counts
 * revisions that exist, so it has to know which do not. Immutable.
 */
public final class RevisionGaps {
  /** No gap. */
  public static final RevisionGaps NONE = new RevisionGaps(new long[0]);

  /** Of each gap the last revision before it, and its own last revision. */
  private final long[] ends;

  private RevisionGaps(long[] ends) {
    this.ends = ends;
  }

  /** How many there are. */
  public int count() {
    return ends.length / 2;
  }

  /** The last revision before gap i, the oldest being 0. */
  public long before(int i) {
    return ends[2 * i];
  }

  /** The last revision of gap i. */
  public long last(int i) {
    return ends[2 * i + 1];
  }

  /**
   * These and one more; gaps that meet or overlap become one.
   *
   * @param before the last revision that exists before it
   * @param last its last revision; a gap that holds none changes nothing
   */
  public RevisionGaps plus(long before, long last) {
    if (last <= before) {
      return this;
    }
    long from = before;
    long to = last;
    long[] next = new long[ends.length + 2];
    int n = 0;
    int i = 0;
    for (; i < count() && last(i) < from; i++) {
      next[n++] = before(i);
      next[n++] = last(i);
    }
    for (; i < count() && before(i) <= to; i++) {
      from = Math.min(from, before(i));
      to = Math.max(to, last(i));
    }
    next[n++] = from;
    next[n++] = to;
    for (; i < count(); i++) {
      next[n++] = before(i);
      next[n++] = last(i);
    }
    return new RevisionGaps(Arrays.copyOf(next, n));
  }

  /** These and all of others. */
  public RevisionGaps plus(RevisionGaps others) {
    RevisionGaps all = this;
    for (int i = 0; i < others.count(); i++) {
      all = all.plus(others.before(i), others.last(i));
    }
    return all;
  }

  /** Those that reach above a revision: no others matter to reads at or above it. */
  public RevisionGaps above(long revision) {
    int first = 0;
    while (first < count() && last(first) <= revision) {
      first++;
    }
    return first == 0 ? this : new RevisionGaps(Arrays.copyOfRange(ends, 2 * first, ends.length));
  }

  /**
   * The lowest revision that stays readable.
   *
   * @param visible the newest revision
   * @param retained how many revisions that exist stay readable below the newest of them
   */
  public long floor(long visible, long retained) {
    long top = visible;
    long left = retained;
    for (int i = count() - 1; i >= 0; i--) {
      long above = top - last(i);
      if (above > left) {
        break;
      }
      left -= above;
      top = before(i);
    }
    return Math.max(0, top - left);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof RevisionGaps other && Arrays.equals(ends, other.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ends);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count(); i++) {
      text.append(i == 0 ? "" : ", ").append(before(i) + 1).append('-').append(last(i));
    }
    return text.toString();
  }
}
