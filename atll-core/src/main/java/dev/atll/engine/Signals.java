package dev.atll.engine;

import dev.atll.env.Workers;
import java.util.List;

/** Loops to wake, filled in once they run; before that, nothing needs them. Thread-safe. */
final class Signals {
  volatile List<Workers.Worker> onSealed = List.of();
  volatile List<Workers.Worker> onPublish = List.of();

  /** Loops that either may raise from their rest. */
  volatile List<Workers.Worker> onBoth = List.of();

  /** A memtable was sealed. */
  void sealed() {
    wake(onSealed);
    wake(onBoth);
  }

  /** There is a new version. */
  void published() {
    wake(onPublish);
    wake(onBoth);
  }

  private static void wake(List<Workers.Worker> loops) {
    for (Workers.Worker loop : loops) {
      loop.signal();
    }
  }
}
