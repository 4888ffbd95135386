package dev.atll.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.BlockBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is found is what was kept, whoever writes meanwhile; and what is worth it is kept. */
@Timeout(60)
class FrameCacheTest {
  /** A block whose bytes say whose it is. */
  private static void fill(BlockBuffer block, long file, long offset, int length) {
    block.ensure(length);
    block.length = length;
    for (int i = 0; i < length; i++) {
      block.bytes[i] = (byte) (file * 131 + offset * 31 + i * 7L + (i >>> 8));
    }
  }

  private static void check(BlockBuffer block, long file, long offset, int length) {
    assertEquals(length, block.length);
    for (int i = 0; i < length; i++) {
      byte expected = (byte) (file * 131 + offset * 31 + i * 7L + (i >>> 8));
      if (block.bytes[i] != expected) {
        throw new AssertionError("byte " + i + " of block " + offset + " of file " + file);
      }
    }
  }

  private static int length(long file, long offset) {
    return 1 + Math.floorMod(file * 7919 + offset * 104729, 4000);
  }

  /** Asks, and offers what was not found, as readers do. */
  private static boolean ask(FrameCache cache, long file, long offset, BlockBuffer buffer) {
    int length = length(file, offset);
    if (cache.read(file, offset, buffer)) {
      check(buffer, file, offset, length);
      return true;
    }
    fill(buffer, file, offset, length);
    cache.insert(file, offset, buffer);
    return false;
  }

  @Test
  void aFreeFrameIsForAnybodyAndWhatWasHotBeforeStays() {
    // One set.
    try (FrameCache cache = new FrameCache(1, 1024)) {
      BlockBuffer buffer = new BlockBuffer();
      fill(buffer, 1, 0, 700);
      assertFalse(cache.read(1, 0, buffer));
      cache.insert(1, 0, buffer);
      assertTrue(cache.holds(1, 0), "kept when it was first read");
    }
    try (FrameCache cache = new FrameCache(1, 1024)) {
      BlockBuffer buffer = new BlockBuffer();
      for (int file = 1; file <= FrameCache.WAYS; file++) {
        fill(buffer, file, 0, 700);
        cache.warm(file, 0, buffer);
      }
      for (int i = 0; i < 4; i++) {
        cache.read(99, 0, buffer);
        fill(buffer, 99, 0, 700);
        cache.insert(99, 0, buffer);
      }
      for (int file = 1; file <= FrameCache.WAYS; file++) {
        assertTrue(cache.holds(file, 0), "went for a block asked for four times: " + file);
      }
    }
  }

  @Test
  void blocksOfManyFilesAndSizesAreToldApart() {
    try (FrameCache cache = new FrameCache(1 << 20, 1024)) {
      BlockBuffer buffer = new BlockBuffer();
      int found = 0;
      for (int round = 0; round < 10; round++) {
        for (long file = 1; file <= 5; file++) {
          for (long offset = 0; offset < 20 * 1024; offset += 1024) {
            found += ask(cache, file, offset, buffer) ? 1 : 0;
          }
        }
      }
      assertTrue(found > 600, found + " of 1000 found");
      assertEquals(found, cache.hits());
      assertTrue(cache.bytes() <= 4 << 20);
      assertFalse(cache.read(6, 0, buffer));
    }
  }

  @Test
  void readersAndWritersOfAFewFramesSeeWholeBlocks() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicLong found = new AtomicLong();
    // One set: every insertion takes a frame that somebody may be reading.
    try (FrameCache cache = new FrameCache(1, 4096)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        SplittableRandom random = new SplittableRandom(t);
        threads.add(
            new Thread(
                () -> {
                  try {
                    BlockBuffer buffer = new BlockBuffer();
                    long hot = 0;
                    for (int i = 0; i < 60_000; i++) {
                      // What is hot changes, so that frames do.
                      hot += i % 50 == 0 ? 1 : 0;
                      long offset = hot + random.nextInt(3);
                      found.addAndGet(
                          ask(cache, 1 + offset % 3, offset * 4096, buffer) ? 1 : 0);
                    }
                  } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertNull(failure.get(), () -> String.valueOf(failure.get()));
    assertTrue(found.get() > 20_000, found + " found");
  }

  /** As above at the worst moment, each time: the frame is given away when its copy is about to begin. */
  @Test
  void aFrameGivenAwayWhileItIsCopiedIsNoHit() {
    try (FrameCache cache = new FrameCache(1, 4096)) {
      BlockBuffer others = new BlockBuffer();
      for (int i = 0; i < 4; i++) {
        ask(cache, 1, 0, others);
      }
      assertTrue(cache.holds(1, 0));
      BlockBuffer buffer =
          new BlockBuffer() {
            private boolean busy;

            @Override
            public void ensure(int capacity) {
              super.ensure(capacity);
              for (long offset = 4096; !busy && cache.holds(1, 0); offset += 4096) {
                assertTrue(offset < 4096L * 10_000, "the frame is never given away");
                for (int i = 0; i < 20; i++) {
                  ask(cache, 2, offset, others);
                }
              }
              busy = true;
            }
          };
      assertFalse(cache.read(1, 0, buffer));
      assertFalse(cache.holds(1, 0));
    }
  }

  /** A skewed load that a scan of everything passes through: the least recently used is no match. */
  @Test
  void whatIsReadOnceTakesNoPlaceOfWhatIsReadOften() {
    int blocks = 20_000;
    int capacity = blocks / 10;
    double[] sums = new double[blocks + 1];
    for (int i = 1; i <= blocks; i++) {
      sums[i] = sums[i - 1] + Math.pow(i, -0.8);
    }
    Map<Integer, Integer> recent =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
            return size() > capacity;
          }
        };
    SplittableRandom random = new SplittableRandom(5);
    BlockBuffer buffer = new BlockBuffer();
    BlockBuffer block = new BlockBuffer();
    fill(block, 1, 1, 100);
    long hits = 0;
    long recentHits = 0;
    try (FrameCache cache = new FrameCache(capacity * (1024L + 32), 1024)) {
      for (int i = 0, scan = 0; i < 400_000; i++) {
        boolean scanning = i % 4 == 3;
        int at = Arrays.binarySearch(sums, random.nextDouble() * sums[blocks]);
        int key = scanning ? scan++ % blocks : at < 0 ? -at - 1 : at;
        boolean counted = i > 200_000 && !scanning;
        if (cache.read(1, key * 4096L, buffer)) {
          hits += counted ? 1 : 0;
        } else {
          cache.insert(1, key * 4096L, block);
        }
        recentHits += recent.put(key, key) != null && counted ? 1 : 0;
      }
      assertTrue(
          hits > recentHits * 1.1, hits + " hits, by the least recently used " + recentHits);
      assertTrue(cache.evictions() < 0.15 * cache.misses(), cache.evictions() + " frames replaced");
    }
  }
}
