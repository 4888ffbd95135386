package dev.atll.wal;

/**
 * Passes on what the log tells and swallows what the listener throws: it hears of things that are
 * done, and a sync that succeeded must not become one that failed because somebody counted it badly.
 */
final class QuietListener implements WalListener {
  private static final System.Logger LOG = System.getLogger(QuietListener.class.getName());

  private final WalListener listener;
  private volatile boolean noted;

  QuietListener(WalListener listener) {
    this.listener = listener;
  }

  @Override
  public void segmentRolled(long segment, long closedBytes, long lastRevision, int liveSegments) {
    try {
      listener.segmentRolled(segment, closedBytes, lastRevision, liveSegments);
    } catch (RuntimeException | Error e) {
      note(e);
    }
  }

  @Override
  public void synced(long segment, long bytes, long batches, long nanos) {
    try {
      listener.synced(segment, bytes, batches, nanos);
    } catch (RuntimeException | Error e) {
      note(e);
    }
  }

  @Override
  public void collected(
      int segments, long bytes, int liveSegments, long oldestUnflushedRevision, long nanos) {
    try {
      listener.collected(segments, bytes, liveSegments, oldestUnflushedRevision, nanos);
    } catch (RuntimeException | Error e) {
      note(e);
    }
  }

  /** Once: a listener that throws does so each time. */
  private void note(Throwable e) {
    if (noted) {
      return;
    }
    noted = true;
    try {
      LOG.log(System.Logger.Level.WARNING, "a listener of the log threw " + e);
    } catch (RuntimeException | Error ignored) {
      // Reporting never hurts the store.
    }
  }
}
