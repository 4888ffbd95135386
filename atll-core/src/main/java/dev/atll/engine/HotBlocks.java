package dev.atll.engine;

import dev.atll.api.AtllException;
import dev.atll.api.CorruptionException;
import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.env.SyncFailureException;
import dev.atll.env.Workers;
import dev.atll.observe.event.CacheEvent;
import dev.atll.observe.event.JobKind;
import dev.atll.observe.event.WarmStart;
import dev.atll.sstable.FrameCache;
import dev.atll.sstable.HotList;
import dev.atll.sstable.TableReader;
import dev.atll.tree.Health;
import dev.atll.tree.ReadState;
import dev.atll.tree.StateHolder;
import dev.atll.tree.TableCache;
import dev.atll.version.TableFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Brings back the hot blocks of a store that is read block by block: at close, and every ten minutes,
 * the list of those in frames that are asked for most is written; the next open reads it in the order
 * of the files, so many blocks at a time that reads hardly feel it. All of it is advice: what fails is
 * told, and costs nothing but the warm start (decision 0128).
 */
final class HotBlocks implements Workers.WorkUnit {
  // At most 4,000 blocks a second, a third of what a device gives one thread at 84 us a block.
  private static final int BLOCKS_EACH_RUN = 32;
  private static final long PAUSE_NANOS = 8_000_000L;

  static final long SAVE_NANOS = 600_000_000_000L;

  private static final int ASKED_MAX = 15;

  private final Storage storage;
  private final TableCache tables;
  private final StateHolder states;
  private final long storeId;
  private final Health health;
  private final StoreLog log;
  private final Reports events;
  private final Clock clock;

  // By the loop, and once that has ended by who closes the store.
  private List<HotList.Block> listed = List.of();
  private boolean unread;
  private long beganNanos;
  private int next;
  private int read;
  private boolean warming;
  private long saveAtNanos;
  private long askedAtSave;

  HotBlocks(
      Storage storage,
      TableCache tables,
      StateHolder states,
      long storeId,
      Health health,
      StoreLog log,
      Reports events,
      Clock clock) {
    this.storage = storage;
    this.tables = tables;
    this.states = states;
    this.storeId = storeId;
    this.health = health;
    this.log = log;
    this.events = events;
    this.clock = clock;
  }

  /** The loop of a store that is read block by block from the start; once. */
  Workers.WorkUnit loop() {
    unread = true;
    beganNanos = clock.nanoTime();
    return this;
  }

  @Override
  public long runOnce() {
    if (unread) {
      unread = false;
      saveAtNanos = clock.nanoTime() + SAVE_NANOS;
      load();
    } else if (warming) {
      warm();
    }
    if (warming) {
      return PAUSE_NANOS;
    }
    if (clock.nanoTime() - saveAtNanos >= 0) {
      saveAtNanos = clock.nanoTime() + SAVE_NANOS;
      save();
    }
    return Math.max(PAUSE_NANOS, saveAtNanos - clock.nanoTime());
  }

  private void load() {
    try (FileIn in = storage.open(HotList.FILE)) {
      if (in.length() > HotList.BYTES_MAX) {
        throw new CorruptionException(HotList.FILE, HotList.BYTES_MAX, "too long");
      }
      byte[] bytes = new byte[(int) in.length()];
      in.readFully(0, bytes, 0, bytes.length);
      listed = HotList.decode(storeId, bytes);
      warming = true;
    } catch (NoSuchFileException e) {
      ended(WarmStart.NO_LIST);
    } catch (IOException e) {
      health.jobFailed(JobKind.WARM_START, e);
      ended(WarmStart.UNREADABLE);
    } catch (AtllException e) {
      events.run(() -> log.coldStart(e));
      ended(WarmStart.DAMAGED);
    }
  }

  private void warm() {
    int stripe = StateHolder.stripe();
    ReadState state = states.pin(stripe);
    try {
      int end = Math.min(listed.size(), next + BLOCKS_EACH_RUN);
      // One read may take long; who closes the store waits for this run.
      while (next < end && !health.isClosed()) {
        HotList.Block block = listed.get(next++);
        warm(state, block);
      }
      if (next == listed.size()) {
        ended(WarmStart.READ);
      }
    } catch (AtllException e) {
      // A device that fails has better things to do.
      health.jobFailed(JobKind.WARM_START, e);
      ended(WarmStart.STOPPED);
    } finally {
      states.unpin(state, stripe);
    }
  }

  private void warm(ReadState state, HotList.Block block) {
    if (state.version().files().contains(block.file())) {
      TableReader table = tables.ifOpen(block.file());
      try {
        read += table != null && table.warm(block.offset()) ? 1 : 0;
      } catch (CorruptionException e) {
        health.damaged(e);
      }
    }
  }

  private void ended(WarmStart outcome) {
    warming = false;
    long now = clock.nanoTime();
    events.run(
        () ->
            events.emit(
                new CacheEvent.Warmed(now, outcome, listed.size(), read, now - beganNanos)));
  }

  /** Writes the list if anything was read since it was last written. Fails without harm. */
  void save() {
    FrameCache frames = tables.frames();
    if (frames == null || health.isPoisoned()) {
      return;
    }
    long asked = frames.hits() + frames.misses();
    if (asked == askedAtSave) {
      return;
    }
    try {
      List<HotList.Block> blocks = hottest(frames);
      if (!blocks.isEmpty()) {
        write(HotList.encode(storeId, blocks));
        askedAtSave = asked;
      }
    } catch (SyncFailureException e) {
      // Of whatever file: what later syncs say, of the log too, is not to be believed (decision 0055).
      health.poison(e);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      health.jobFailed(JobKind.WARM_START, e);
    }
  }

  /** Writes the list for the last time; the loop has ended. */
  void close() {
    if (warming || unread) {
      ended(WarmStart.STOPPED);
    }
    // A list that nobody has read yet is better than that of a store that was hardly open.
    if (!unread) {
      save();
    }
  }

  private List<HotList.Block> hottest(FrameCache frames) {
    int[] counts = new int[ASKED_MAX + 1];
    frames.census((_, _, chunk, asked) -> counts[asked] += chunk == 0 ? 1 : 0);
    int least = ASKED_MAX;
    for (long sum = counts[least]; least > 0 && sum + counts[least - 1] <= HotList.BLOCKS_MAX; ) {
      sum += counts[--least];
    }
    int from = least;
    TableFiles files = states.peek().version().files();
    List<HotList.Block> blocks = new ArrayList<>();
    frames.census(
        (file, offset, chunk, asked) -> {
          if (chunk == 0
              && asked >= from
              && blocks.size() < HotList.BLOCKS_MAX
              && files.contains(file)) {
            blocks.add(new HotList.Block(file, offset));
          }
        });
    // What a short run had no time to bring is as hot as it was.
    for (HotList.Block block : listed.subList(next, listed.size())) {
      if (blocks.size() < HotList.BLOCKS_MAX && files.contains(block.file())) {
        blocks.add(block);
      }
    }
    Collections.sort(blocks);
    return blocks.stream().distinct().toList();
  }

  /** Under its name the list is always whole: it is renamed after it was forced. */
  private void write(byte[] bytes) throws IOException {
    if (storage.exists(HotList.FILE_TMP)) {
      storage.delete(HotList.FILE_TMP);
    }
    try (FileOut out = storage.create(HotList.FILE_TMP)) {
      out.append(bytes, 0, bytes.length);
      SyncFailureException.sync(out);
    }
    storage.rename(HotList.FILE_TMP, HotList.FILE);
  }
}
