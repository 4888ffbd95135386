package dev.atll.engine;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.CacheKind;
import dev.atll.sstable.BlockCache;

/** Tells of the block cache, when something went on in it since it was told. For one thread. */
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

  void look(BlockCache cache, long nowNanos) {
    long bytesNow = cache.bytes();
    long hitsNow = cache.hits();
    long missesNow = cache.misses();
    long evictionsNow = cache.evictions();
    if (told && bytesNow == bytes && hitsNow == hits && missesNow == misses) {
      return;
    }
    events.emit(
        new CacheEvent.Measured(
            nowNanos,
            CacheKind.BLOCK,
            cache.bytesMax(),
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
