package dev.atll.engine;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CacheKind;
import dev.atll.sstable.BlockCache;
import dev.atll.sstable.FrameCache;
import org.jspecify.annotations.Nullable;

/** Tells of the caches of blocks, when something went on in them since it was told. For one thread. */
final class CacheNews {
  private final EventSink events;
  private boolean told;
  private long bytes;
  private long hits;
  private long misses;
  private long evictions;

  CacheNews(EventSink events) {
    this.events = events;
  }

  /** Looks at both: a store reads from frames what it does not map, decompressed or not. */
  void look(@Nullable BlockCache inflated, @Nullable FrameCache frames, long nowNanos) {
    if (inflated == null && frames == null) {
      return;
    }
    long bytesMax = 0;
    long bytesNow = 0;
    long hitsNow = 0;
    long missesNow = 0;
    long evictionsNow = 0;
    if (inflated != null) {
      bytesMax += inflated.bytesMax();
      bytesNow += inflated.bytes();
      hitsNow += inflated.hits();
      missesNow += inflated.misses();
      evictionsNow += inflated.evictions();
    }
    if (frames != null) {
      bytesMax += frames.bytesMax();
      bytesNow += frames.bytes();
      hitsNow += frames.hits();
      missesNow += frames.misses();
      evictionsNow += frames.evictions();
    }
    if (told && bytesNow == bytes && hitsNow == hits && missesNow == misses) {
      return;
    }
    events.emit(
        new CacheEvent.Measured(
            nowNanos,
            CacheKind.BLOCK,
            bytesMax,
            bytesNow,
            hitsNow - hits,
            missesNow - misses,
            evictionsNow - evictions));
    told = true;
    bytes = bytesNow;
    hits = hitsNow;
    misses = missesNow;
    evictions = evictionsNow;
  }
}
