package dev.atll.sstable;

import dev.atll.base.BlockBuffer;
import dev.atll.testing.Interleavings;
import dev.atll.testing.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A cache of one set of frames, all taken, and threads that ask it and offer to it at once: whatever is
 * found is what was kept under that name, and afterwards all is in order. To be loaded with steps.
 */
public final class FrameCacheRuns implements Interleavings.Scenario {
  private static final int FRAME_BYTES = 1024;

  // Blocks of files 1 to 16 take the frames; that of file 1 is asked for least and goes first.
  private static final int RESIDENTS = FrameCache.WAYS;
  private static final int NEWCOMER = 20;
  private static final int OTHER = 21;

  // So often the first blocks are asked for, and three times more often who is to get the frame of one.
  private static final int ASKED_LEAST = 3;
  private static final int ASKED_MORE = 6;

  private final Function<FrameCacheRuns, List<Runnable>> threads;
  private FrameCache cache = new FrameCache(1, FRAME_BYTES);

  /** How often a block was found while others were at work, and how often not. */
  private long found;

  private long missed;

  private FrameCacheRuns(Function<FrameCacheRuns, List<Runnable>> threads) {
    this.threads = threads;
    // Counters of frequency are without order by design, and decide nothing but who stays.
    Steps.counting(
        at -> {
          long word = at / Long.BYTES % FrameCache.SET_WORDS;
          return word < FrameCache.COUNTERS || word > FrameCache.ASKED;
        });
  }

  /** The scenario with a name. */
  public static Interleavings.Scenario named(String name) {
    return new FrameCacheRuns(
        switch (name) {
          case "a reader of the block that goes" ->
              runs -> List.of(() -> runs.ask(1), () -> runs.offer(NEWCOMER));
          case "a reader of the block that comes" ->
              runs -> List.of(() -> runs.ask(NEWCOMER), () -> runs.offer(NEWCOMER));
          case "two that come at once" ->
              runs -> List.of(() -> runs.offer(NEWCOMER), () -> runs.offer(OTHER));
          case "one block that comes twice" ->
              runs -> List.of(() -> runs.offer(NEWCOMER), () -> runs.offer(NEWCOMER));
          case "a block that goes and comes again under its reader" ->
              runs ->
                  List.of(
                      () -> runs.ask(1),
                      () -> {
                        runs.offer(NEWCOMER);
                        runs.want(1);
                        runs.offer(1);
                      });
          case "two that come and a reader" ->
              runs ->
                  List.of(
                      () -> runs.ask(NEWCOMER),
                      () -> runs.offer(NEWCOMER),
                      () -> runs.offer(OTHER));
          case "closing under a reader" ->
              runs -> List.of(() -> runs.askClosing(1), () -> runs.cache.close());
          case "closing under one that comes" ->
              runs -> List.of(() -> runs.offerClosing(NEWCOMER), () -> runs.cache.close());
          default -> throw new IllegalArgumentException(name);
        });
  }

  @Override
  public void begin() {
    cache = new FrameCache(1, FRAME_BYTES);
    BlockBuffer buffer = new BlockBuffer();
    for (int file = 1; file <= RESIDENTS; file++) {
      for (int i = 0; i < (file == 1 ? ASKED_LEAST : ASKED_LEAST + 1); i++) {
        cache.read(file, place(file), buffer);
      }
      offer(file);
      if (!cache.holds(file, place(file))) {
        throw new AssertionError("no frame for file " + file);
      }
    }
    want(NEWCOMER);
    want(OTHER);
  }

  @Override
  public List<Runnable> actors() {
    return threads.apply(this);
  }

  @Override
  public void end() {
    BlockBuffer buffer = new BlockBuffer();
    try {
      int held = 0;
      for (int file = 1; file <= OTHER; file++) {
        if (cache.read(file, place(file), buffer)) {
          check(file, buffer);
          held++;
        }
      }
      if (held < RESIDENTS - 2 || held > RESIDENTS) {
        throw new AssertionError(held + " blocks are held by " + RESIDENTS + " frames");
      }
      // Whoever locked the set has unlocked it.
      int last = OTHER + 1;
      want(last);
      want(last);
      offer(last);
      if (!cache.read(last, place(last), buffer)) {
        throw new AssertionError("nothing comes in any more");
      }
      check(last, buffer);
    } catch (IllegalStateException e) {
      if (!isClosed()) {
        throw e;
      }
      return;
    }
    cache.close();
  }

  /** What the orders came to, for a test that wants to have seen both. */
  @Override
  public String toString() {
    return found > 0 && missed > 0 ? "found and missed" : found + " found, " + missed + " missed";
  }

  private boolean isClosed() {
    try {
      cache.holds(1, 0);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private void want(int file) {
    BlockBuffer buffer = new BlockBuffer();
    for (int i = 0; i < ASKED_MORE; i++) {
      cache.read(file, place(file), buffer);
    }
  }

  private void ask(int file) {
    BlockBuffer buffer = new BlockBuffer();
    if (cache.read(file, place(file), buffer)) {
      check(file, buffer);
      found++;
    } else {
      missed++;
    }
  }

  private void askClosing(int file) {
    try {
      ask(file);
    } catch (IllegalStateException e) {
      missed++; // the memory is gone
    }
  }

  private void offerClosing(int file) {
    try {
      offer(file);
      found++;
    } catch (IllegalStateException e) {
      missed++;
    }
  }

  private void offer(int file) {
    BlockBuffer block = new BlockBuffer();
    int length = length(file);
    block.ensure(length);
    block.length = length;
    for (int i = 0; i < length; i++) {
      block.bytes[i] = content(file, i);
    }
    cache.insert(file, place(file), block);
  }

  private static void check(int file, BlockBuffer block) {
    List<String> wrong = new ArrayList<>();
    if (block.length != length(file)) {
      wrong.add(block.length + " bytes");
    }
    for (int i = 0; i < Math.min(block.length, length(file)); i++) {
      if (block.bytes[i] != content(file, i)) {
        wrong.add("byte " + i);
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("block of file " + file + ": " + wrong.getFirst());
    }
  }

  private static int length(int file) {
    return 600 + 13 * file;
  }

  private static byte content(int file, int i) {
    return (byte) (file * 37 + i);
  }

  // All in one place of their file: only the file tells them apart.
  private static long place(int file) {
    return 4096L * (file % 2);
  }
}
