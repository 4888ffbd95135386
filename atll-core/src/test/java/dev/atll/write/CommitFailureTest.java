package dev.atll.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import dev.atll.api.StoreFailedException;
import dev.atll.api.WriteRefusedException;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.Storage;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import dev.atll.observe.Meter;
import dev.atll.observe.Observer;
import dev.atll.observe.event.FlushEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.event.WalEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails before, during and after the publication of a write, and whom it fails. */
@Timeout(60)
class CommitFailureTest {
  private static final Path DIRECTORY = Path.of("/db");

  private final SimEnv sim = new SimEnv(7);
  private final FaultFileSystem files = new FaultFileSystem(sim.files());

  /**
   * Passes calls on, but for the question for free space while it is armed. What is thrown there is no
   * answer either, like no memory or an exception: only what cannot be gets past that.
   */
  private FileSystem failingWhenAskedForFreeBytes(AtomicBoolean armed) {
    return (path, create) -> {
      Storage storage = sim.files().open(path, create);
      return (Storage)
          Proxy.newProxyInstance(
              Storage.class.getClassLoader(),
              new Class<?>[] {Storage.class},
              (proxy, method, args) -> {
                if (method.getName().equals("freeBytes") && armed.get()) {
                  throw new AssertionError("planned");
                }
                try {
                  return method.invoke(storage, args);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    };
  }

  private static Options options(long reserve) {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(32 << 10)
        .spaceReserveBytes(reserve)
        .build();
  }

  private AtllDb open(EventSink sink, long reserve) {
    return Atll.open(DIRECTORY, options(reserve), new Observer(Meter.none(), sink), new EnvWithFiles(sim, files));
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Writes more than a memtable; whatever is thrown, a write that fails is not visible. */
  private static int fill(AtllDb db, int count) {
    int failed = 0;
    for (int i = 0; i < count; i++) {
      long before = db.visibleRevision();
      try {
        assertEquals(before + 1, db.put(key(i), new byte[1000]));
      } catch (AtllException e) {
        assertEquals(before, db.visibleRevision(), "a write failed and is visible: " + e);
        failed++;
      }
    }
    return failed;
  }

  private void expectAllThere(int count) {
    files.clear();
    try (AtllDb db = open(EventSink.none(), 0)) {
      for (int i = 0; i < count; i++) {
        assertArrayEquals(new byte[1000], db.get(key(i)), "key " + i);
      }
    }
  }

  /** Whatever call of the log finds no memory, and whenever: no failed write is visible. */
  @Test
  void aLogThatFindsNoMemoryFailsNoWriteThatIsVisible() {
    for (OpKind kind : new OpKind[] {OpKind.CREATE, OpKind.APPEND, OpKind.SYNC}) {
      for (int nth = 1; nth < 40; nth += kind == OpKind.APPEND ? 1 : 10) {
        CommitFailureTest world = new CommitFailureTest();
        AtllDb db = world.open(EventSink.none(), 0);
        world.files.add(
            new FaultRule(kind, name -> name.endsWith(".wal"), nth, false, Fault.outOfMemory()));
        fill(db, 80);
        world.files.clear();
        db.close();
      }
    }
  }

  @Test
  void theWriteThatFillsAMemtableSucceedsThoughTheNextSegmentCannotBeBegun() {
    AtllDb db = open(EventSink.none(), 0);
    files.add(
        new FaultRule(OpKind.CREATE, name -> name.endsWith(".wal"), 1, true, Fault.outOfMemory()));
    assertEquals(0, fill(db, 120), "no write failed");
    assertTrue(files.fired() > 0, "a segment was wanted");
    db.close();
    expectAllThere(120);
  }

  /** A sink that throws hears of things that are done: no write fails for it. */
  @Test
  void aSinkThatThrowsFailsNoWrite() {
    AtomicBoolean thrown = new AtomicBoolean();
    EventSink sink =
        new EventSink() {
          @Override
          public boolean enabled() {
            return true;
          }

          @Override
          public void emit(VizEvent event) {
            if (event instanceof FlushEvent.Triggered || event instanceof WalEvent) {
              thrown.set(true);
              throw new IllegalStateException("a sink of others");
            }
          }
        };
    AtllDb db = open(sink, 0);
    assertEquals(0, fill(db, 120));
    db.sync();
    db.write(new dev.atll.api.WriteBatch().put(key(0), new byte[1000]), Durability.SYNC);
    db.flush();
    assertTrue(thrown.get());
    db.close();
    expectAllThere(120);
  }

  /** Nothing was touched: the group fails, typed, and the store goes on. */
  @Test
  void whatFailsBeforeTheAppendRefusesTheGroupAndNothingElse() {
    AtomicBoolean armed = new AtomicBoolean();
    AtllDb db =
        Atll.open(
            DIRECTORY,
            options(1 << 20),
            Observer.none(),
            new EnvWithFiles(sim, failingWhenAskedForFreeBytes(armed)));
    db.put(key(0), new byte[1000]);
    armed.set(true);
    WriteRefusedException refused =
        assertThrows(WriteRefusedException.class, () -> db.put(key(1), new byte[2 << 20]));
    assertTrue(refused.getCause() instanceof AssertionError, refused.toString());
    armed.set(false);
    assertEquals(2, db.put(key(1), new byte[1000]));
    db.close();
    expectAllThere(2);
  }

  /** Log and memtable may differ: writing ends, loudly, and what had returned is there. */
  @Test
  void whatFailsDuringTheAppendEndsWriting() {
    AtllDb db = open(EventSink.none(), 0);
    db.put(key(0), new byte[1000]);
    files.add(
        new FaultRule(OpKind.APPEND, name -> name.endsWith(".wal"), 1, false, Fault.outOfMemory()));
    assertThrows(StoreFailedException.class, () -> db.put(key(1), new byte[1000]));
    assertThrows(StoreFailedException.class, () -> db.put(key(2), new byte[1000]));
    assertThrows(StoreFailedException.class, db::flush);
    assertEquals(1, db.visibleRevision());
    db.close();
    expectAllThere(1);
  }
}
