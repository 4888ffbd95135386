package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Snapshot;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Closing under all other calls: they end as if before it, or with a typed exception. */
@Timeout(120)
class ClosingTest {
  private static final int ENTRIES = 2_000;
  private static final int ROUNDS = 2;
  private static final Options OPTIONS =
      Options.builder()
          .durability(Durability.OS)
          .memtableBytes(64 << 10)
          .slotBytes(16 << 10)
          .fanout(3)
          .build();

  @TempDir Path temp;

  /** A call; what it returns does not matter. */
  private interface Call {
    void run();
  }

  private record Views(AtllDb db, Snapshot snapshot, Cursor cursor, Cursor ofSnapshot) {}

  /** All calls that need an open store. */
  private static Map<String, Call> calls(Views views) {
    AtllDb db = views.db();
    Snapshot snapshot = views.snapshot();
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("put", () -> db.put(key(1), key(1)));
    calls.put("delete", () -> db.delete(key(2)));
    calls.put("write", () -> db.write(new WriteBatch().put(key(3), key(3))));
    calls.put("write, empty", () -> db.write(new WriteBatch()));
    calls.put("write synced", () -> db.write(new WriteBatch().delete(key(4)), Durability.SYNC));
    calls.put("get", () -> db.get(key(5)));
    calls.put("get in place", () -> db.get(key(6), value -> value.byteSize()));
    calls.put("contains", () -> db.contains(key(7)));
    calls.put("count", () -> db.count(KeyRange.all()));
    calls.put("cursor", () -> db.cursor(KeyRange.from(key(8))).close());
    calls.put("snapshot", () -> db.snapshot().close());
    calls.put("snapshotAt", () -> db.snapshotAt(snapshot.revision()).close());
    calls.put("sync", db::sync);
    calls.put("flush", db::flush);
    calls.put("compact", () -> db.compact(KeyRange.all()));
    calls.put("settle", () -> db.settle(Duration.ofSeconds(60)));
    calls.put("policy", () -> db.policy("leveled"));
    calls.put("approximateBytes", () -> db.approximateBytes(KeyRange.all()));
    calls.put("verify", db::verify);
    calls.put("snapshot.get", () -> snapshot.get(key(9)));
    calls.put("snapshot.get in place", () -> snapshot.get(key(9), value -> value.byteSize()));
    calls.put("snapshot.contains", () -> snapshot.contains(key(10)));
    calls.put("snapshot.count", () -> snapshot.count(KeyRange.all()));
    calls.put("snapshot.cursor", () -> snapshot.cursor(KeyRange.all()).close());
    calls.put("cursor.next", () -> moveOn(views.cursor()));
    calls.put("cursor.previous", () -> moveBack(views.ofSnapshot()));
    return calls;
  }

  /** Calls that answer after the close too, as at its end. */
  private static List<Call> answers(Views views) {
    AtllDb db = views.db();
    return List.of(
        db::visibleRevision,
        db::durableRevision,
        db::oldestReadableRevision,
        db::policy,
        db::stats,
        db::options,
        views.snapshot()::revision,
        views.cursor()::isValid,
        views.cursor()::skipped,
        views.ofSnapshot()::close,
        views.cursor()::close,
        views.snapshot()::close,
        db::close);
  }

  private static void moveOn(Cursor cursor) {
    if (!cursor.next()) {
      cursor.seek(key(0));
    }
    if (cursor.isValid()) {
      cursor.valueBytes();
    }
  }

  private static void moveBack(Cursor cursor) {
    if (!cursor.previous()) {
      cursor.seekAtOrBefore(key(ENTRIES));
    }
  }

  @Test
  void everyCallEndsTypedAndTheDirectoryIsFreeWhenAnyCloseReturns() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path directory = temp.resolve("s" + round);
      AtllDb db = filled(directory);
      Snapshot snapshot = db.snapshot();
      Views views =
          new Views(db, snapshot, db.cursor(KeyRange.all()), snapshot.cursor(KeyRange.all()));
      Queue<String> wrong = new ConcurrentLinkedQueue<>();
      Map<String, Call> calls = calls(views);
      List<Thread> threads = new ArrayList<>();
      CountDownLatch started = new CountDownLatch(calls.size());
      calls.forEach(
          (name, call) ->
              threads.add(
                  Thread.ofPlatform()
                      .start(
                          () -> {
                            started.countDown();
                            callUntilClosed(name, call, wrong);
                          })));
      started.await();
      Object turns = new Object();
      for (int i = 0; i < 2; i++) {
        threads.add(Thread.ofPlatform().start(() -> closeAndReopen(db, directory, turns, wrong)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), List.copyOf(wrong));
      calls.forEach((name, call) -> assertThrows(StoreClosedException.class, call::run, name));
      answers(views).forEach(Call::run);
    }
  }

  @Test
  void aSecondCloseWaitsThoughInterruptedAndKeepsTheInterrupt() throws Exception {
    Path directory = temp.resolve("s");
    AtllDb db = filled(directory);
    for (int i = 0; i < 50; i++) {
      db.put(key(i), new byte[1_000]);
    }
    Thread first = Thread.ofPlatform().start(db::close);
    while (first.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    Thread.currentThread().interrupt();
    db.close();
    assertTrue(Thread.interrupted(), "the interrupt was lost");
    Atll.open(directory, OPTIONS).close();
    first.join();
  }

  @Test
  void aForgottenCursorHoldsUpNoClose() {
    AtllDb db = filled(temp.resolve("s"));
    Cursor forgotten = db.cursor(KeyRange.all());
    assertTrue(forgotten.next());
    db.close();
    assertThrows(StoreClosedException.class, forgotten::next);
    assertThrows(StoreClosedException.class, forgotten::valueBytes);
    forgotten.close();
  }

  private static void callUntilClosed(String name, Call call, Queue<String> wrong) {
    try {
      while (true) {
        call.run();
        // Twenty-six busy threads on few processors would only keep the closers from their turn.
        LockSupport.parkNanos(200_000);
      }
    } catch (StoreClosedException e) {
      // As it should.
    } catch (Throwable e) {
      wrong.add(name + ": " + e + " " + List.of(e.getStackTrace()));
    }
  }

  private static void closeAndReopen(
      AtllDb db, Path directory, Object turns, Queue<String> wrong) {
    try {
      db.close();
      synchronized (turns) {
        try (AtllDb again = Atll.open(directory, OPTIONS)) {
          again.get(key(1));
        }
      }
    } catch (Throwable e) {
      wrong.add("close: " + e + " " + List.of(e.getStackTrace()));
    }
  }

  private static AtllDb filled(Path directory) {
    AtllDb db = Atll.open(directory, OPTIONS);
    for (int i = 0; i < ENTRIES; i++) {
      db.put(key(i), new byte[100]);
    }
    db.flush();
    return db;
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(StandardCharsets.US_ASCII);
  }
}
