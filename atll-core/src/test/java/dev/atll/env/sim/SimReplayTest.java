package dev.atll.env.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.env.Env;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.env.Workers.Worker;
import dev.atll.env.fault.FileEvent;
import dev.atll.env.fault.TraceFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A small engine with background work, replayed from its seed. */
class SimReplayTest {
  private static final long FOREVER = Long.MAX_VALUE;

  /** Files, a flusher, a timer and a deleter that interleave as the seed says. */
  private static List<String> history(long seed, List<Long> hash) throws IOException {
    List<String> trace = new ArrayList<>();
    SimEnv env = new SimEnv(seed);
    TraceFileSystem files = new TraceFileSystem(env.files(), e -> trace.add(e.toString()));
    Storage storage = files.open(Path.of("/db"), true);
    RandomGenerator random = env.random("load");
    List<String> full = new ArrayList<>();
    List<String> flushed = new ArrayList<>();
    Worker flusher =
        env.workers()
            .start(
                "flush",
                () -> {
                  if (full.isEmpty()) {
                    return FOREVER;
                  }
                  String name = full.removeFirst();
                  try (FileOut out = storage.create(name + ".sst")) {
                    out.append(new byte[50], 0, 50);
                    env.workers().yieldPoint();
                    out.sync();
                  }
                  flushed.add(name);
                  return 0;
                });
    env.workers()
        .start(
            "delete",
            () -> {
              if (!flushed.isEmpty()) {
                storage.delete(flushed.removeFirst());
              }
              return 50_000;
            });
    env.workers()
        .start(
            "timer",
            () -> {
              storage.syncDirectory();
              return 500_000;
            });
    for (int i = 0; i < 40; i++) {
      String name = "wal" + i;
      try (FileOut out = storage.create(name)) {
        for (int j = random.nextInt(5); j >= 0; j--) {
          out.append(new byte[100], 0, 1 + random.nextInt(100));
          env.workers().yieldPoint();
        }
      }
      full.add(name);
      flusher.signal();
      assertTrue(env.workers().awaitUntil(() -> full.size() < 4, FOREVER));
    }
    assertTrue(env.workers().awaitUntil(() -> full.isEmpty() && flushed.isEmpty(), FOREVER));
    assertEquals(40, storage.list().size());
    env.workers().close();
    assertEquals(List.of(), env.workers().failures());
    trace.add("at " + env.clock().elapsedNanos());
    hash.add(env.traceHash());
    return trace;
  }

  @Test
  void aSeedReplaysFilesTimeAndBackgroundWork() throws IOException {
    Set<List<String>> histories = new HashSet<>();
    List<Long> hashes = new ArrayList<>();
    for (long seed = 0; seed < 40; seed++) {
      List<String> trace = history(seed, hashes);
      assertEquals(trace, history(seed, hashes), "seed " + seed);
      assertEquals(hashes.getLast(), hashes.get(hashes.size() - 2));
      histories.add(trace);
    }
    assertEquals(40, histories.size());
    assertEquals(40, new HashSet<>(hashes).size());
  }

  @Test
  void tracesAreReadable() throws IOException {
    List<FileEvent> events = new ArrayList<>();
    Env env = new SimEnv(3);
    Storage storage = new TraceFileSystem(env.files(), events::add).open(Path.of("/db"), true);
    storage.create("a").append(new byte[5], 0, 5);
    storage.rename("a", "b");
    try {
      storage.open("a");
    } catch (IOException e) {
      assertEquals(
          List.of(
              "#0 MKDIR /db",
              "#1 CREATE a",
              "#2 APPEND a 5 B",
              "#3 RENAME a -> b",
              "#4 OPEN a failed: java.nio.file.NoSuchFileException: /db/a"),
          events.stream().map(FileEvent::toString).toList());
      return;
    }
    throw new AssertionError("the missing file was opened");
  }
}
