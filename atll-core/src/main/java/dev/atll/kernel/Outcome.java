package dev.atll.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What came of carrying an action out, told by whoever knows keys and files. A plan asks only what
 * its {@link Plan.Way} needs.
 *
 * @param <R> what stands for a run
 */
public interface Outcome<R> {
  /** {@link Plan.Way#WRITE}: the run that was written for a target; null if nothing was left of it. */
  default @Nullable R written(Plan.Target<R> target) {
    throw new UnsupportedOperationException("nothing is written: " + target);
  }

  /** {@link Plan.Way#VIEW}: the part of a run inside a slot; null if it shows nothing there. */
  default @Nullable R view(R run, Place place) {
    throw new UnsupportedOperationException("nothing is viewed: " + run);
  }

  /** {@link Plan.Way#CUT}: the slot of a level that is cut in two; -1 if there is a guard already. */
  default int divided(int level) {
    throw new UnsupportedOperationException("nothing is cut at level " + level);
  }

  /**
   * {@link Plan.Way#CUT}: the part of a run on one side; the run itself if all of it is there, null if
   * it shows nothing there. Each run of a slot that is cut is asked for, left first.
   */
  default @Nullable R half(R run, Place divided, boolean left) {
    throw new UnsupportedOperationException("nothing is cut: " + run);
  }
}
