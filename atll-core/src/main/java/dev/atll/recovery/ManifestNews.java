package dev.atll.recovery;

import dev.atll.env.Clock;
import dev.atll.manifest.ManifestListener;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.VersionEvent;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;

/** Changes of the tree as events. */
final class ManifestNews implements ManifestListener {
  private final Clock clock;
  private final EventSink events;

  ManifestNews(Clock clock, EventSink events) {
    this.clock = clock;
    this.events = events;
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public void installed(Version version, VersionEdit edit, long recordBytes, long nanos) {
    if (events.enabled()) {
      events.emit(
          new VersionEvent.Installed(
              clock.nanoTime(),
              version.nextNumber(),
              edit.addedRuns.size(),
              edit.removedRuns.size(),
              edit.addedGuards.size(),
              edit.removedGuards.size(),
              recordBytes,
              nanos));
    }
  }

  @Override
  public void rolled(long number, long bytes, long nanos) {
    if (events.enabled()) {
      events.emit(new VersionEvent.ManifestRolled(clock.nanoTime(), number, bytes, nanos));
    }
  }
}
