package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.StoreClosedException;
import dev.atll.observe.EventSink;
import dev.atll.observe.Observer;
import dev.atll.observe.event.RecoveryEvent;
import dev.atll.observe.event.VizEvent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that are closed, or whose process is asked to end. */
class GracefulCloseTest {
  @TempDir private Path temp;

  private static Options options() {
    return Options.builder().levelCount(3).memtableBytes(64 << 10).build();
  }

  /** Opens a store and tells how its recovery went. */
  private static final class Reopened implements AutoCloseable {
    private final List<VizEvent> events = new CopyOnWriteArrayList<>();
    final AtllDb db;

    Reopened(Path directory) {
      EventSink sink =
          new EventSink() {
            @Override
            public boolean enabled() {
              return true;
            }

            @Override
            public void emit(VizEvent event) {
              events.add(event);
            }
          };
      db = Atll.open(directory, options(), Observer.none().withEvents(sink));
    }

    RecoveryEvent.Completed recovery() {
      return events.stream()
          .filter(RecoveryEvent.Completed.class::isInstance)
          .map(RecoveryEvent.Completed.class::cast)
          .findFirst()
          .orElseThrow();
    }

    boolean sawTailCut() {
      return events.stream().anyMatch(RecoveryEvent.TailCut.class::isInstance);
    }

    @Override
    public void close() {
      db.close();
    }
  }

  @Test
  void afterACloseNothingIsReplayed() {
    Content content = new Content();
    long last = 0;
    for (int round = 0; round < 3; round++) {
      try (AtllDb db = Atll.open(temp, options())) {
        content.assertIn(db);
        for (int i = 0; i < 50; i++) {
          content.put(Content.key(round * 50 + i), Content.value(i, 50));
          long revision = db.put(Content.key(round * 50 + i), Content.value(i, 50));
          assertTrue(revision > last);
          last = revision;
        }
      }
      try (Reopened again = new Reopened(temp)) {
        assertEquals(0, again.recovery().entries());
        assertTrue(again.recovery().cleanShutdown());
        assertFalse(again.sawTailCut());
        assertEquals(last, again.recovery().lastRevision());
        content.assertIn(again.db);
      }
    }
  }

  @Test
  void withoutAFlushTheLogIsReplayed() {
    try (AtllDb db = Atll.open(temp, options().toBuilder().flushOnClose(false).build())) {
      db.put(Content.key(1), Content.key(2));
    }
    try (Reopened again = new Reopened(temp)) {
      assertEquals(1, again.recovery().entries());
      assertTrue(again.recovery().cleanShutdown());
    }
  }

  /** Writes until it is ended; says the number of each write that has returned. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      AtllDb db =
          Atll.open(
              Path.of(args[0]),
              options().toBuilder().durability(Durability.valueOf(args[1])).build());
      if (args[2].equals("closing")) {
        Runtime.getRuntime().addShutdownHook(new Thread(db::close));
      }
      try {
        for (int i = 1; ; i++) {
          db.put(Content.key(i % 100), ByteBuffer.allocate(200).putInt(i).array());
          System.out.println(i);
        }
      } catch (StoreClosedException e) {
        System.out.println("closed");
      }
    }
  }

  private int writeUntilTerminated(Durability durability, String manner) throws Exception {
    try (ChildJvm child = ChildJvm.start(64, Writer.class, temp, durability, manner)) {
      for (int i = 0; i < 50; i++) {
        assertNotNull(child.hear());
      }
      child.terminate();
      List<String> rest = child.hearAll();
      // 128 + SIGTERM: it ended by the signal, with its hooks run.
      assertEquals(143, child.await());
      int last = 50;
      for (String line : rest) {
        // The last line may be half: cut off by the end.
        if (line.equals(Integer.toString(last + 1))) {
          last++;
        }
      }
      return last;
    }
  }

  private static void assertHolds(AtllDb db, int lastAcked) {
    for (int i = Math.max(1, lastAcked - 99); i <= lastAcked; i++) {
      byte[] value = db.get(Content.key(i % 100));
      assertNotNull(value);
      int found = ByteBuffer.wrap(value).getInt();
      // One more may have been written without having been told of.
      assertTrue(found == i || found == lastAcked + 1, "write %d: %d".formatted(i, found));
    }
  }

  @Test
  void aProcessThatIsAskedToEndAndDoesNothingAboutItLosesNothing() throws Exception {
    for (Durability durability : List.of(Durability.OS, Durability.SYNC)) {
      int last = writeUntilTerminated(durability, "careless");
      try (Reopened again = new Reopened(temp)) {
        assertFalse(again.recovery().cleanShutdown());
        assertHolds(again.db, last);
      }
    }
  }

  @Test
  void aProcessThatClosesInAShutdownHookEndsCleanlyUnderLoad() throws Exception {
    int last = writeUntilTerminated(Durability.OS, "closing");
    try (Reopened again = new Reopened(temp)) {
      assertTrue(again.recovery().cleanShutdown());
      assertHolds(again.db, last);
    }
  }
}
