package dev.atll.wal;

import dev.atll.observe.SafeLog;
import java.lang.System.Logger.Level;

/**
 * Passes on what the log tells and swallows what the listener throws: it hears of things that are
 * done, and a sync that succeeded must not become one that failed because somebody counted it badly.
 */
final class QuietListener implements WalListener {
  private static final SafeLog LOG = SafeLog.of("dev.atll.store");

  private final WalListener listener;
  private volatile boolean noted;

  QuietListener(WalListener listener) {
    this.listener = listener;
  }

  @Override
  public void segmentRolled(long segment, long closedBytes, long lastRevision, int liveSegments) {
    try {
      listener.segmentRolled(segment, closedBytes, lastRevision, liveSegments);
    } catch (Throwable e) {
      note(e);
    }
  }

  @Override
  public void synced(long segment, long bytes, long batches, long nanos) {
    try {
      listener.synced(segment, bytes, batches, nanos);
    } catch (Throwable e) {
      note(e);
    }
  }

  @Override
  public void collected(
      int segments, long bytes, int liveSegments, long oldestUnflushedRevision, long nanos) {
    try {
      listener.collected(segments, bytes, liveSegments, oldestUnflushedRevision, nanos);
    } catch (Throwable e) {
      note(e);
    }
  }

  /** Once: a listener that throws does so each time. */
  private void note(Throwable e) {
    if (noted) {
      return;
    }
    noted = true;
    LOG.log(Level.WARNING, () -> "a listener of the log threw " + e, null);
  }
}
