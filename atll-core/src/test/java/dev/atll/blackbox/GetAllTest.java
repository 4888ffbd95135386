package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.CorruptionException;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.Reader;
import dev.atll.api.Snapshot;
import dev.atll.api.StorageIoException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import dev.atll.env.Env;
import dev.atll.env.EnvWithFiles;
import dev.atll.env.OpKind;
import dev.atll.env.fault.Fault;
import dev.atll.env.fault.FaultFileSystem;
import dev.atll.env.fault.FaultRule;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many keys at once: what as many gets would give, at one revision. */
@Timeout(60)
class GetAllTest {
  private static final int ENTRIES = 3_000;

  @TempDir private Path temp;

  private static Options options(boolean mapped) {
    return Options.builder()
        .durability(Durability.OS)
        .memtableBytes(64 << 10)
        .slotBytes(64 << 10)
        .spaceReserveBytes(0)
        .tableMemoryBytes(mapped ? 1L << 40 : 1)
        .build();
  }

  /** Even keys, written twice; every tenth taken away again. */
  private static void fill(AtllDb db) {
    for (int round = 1; round <= 2; round++) {
      for (int i = 0; i < ENTRIES; i++) {
        int number = i * 7919 % ENTRIES;
        if (number % 2 == 0) {
          db.put(Content.key(number), Content.value((long) number * round, 100));
        }
      }
    }
    for (int i = 0; i < ENTRIES; i += 10) {
      db.delete(Content.key(i));
    }
  }

  private static byte @Nullable [] expected(int number) {
    return number % 2 != 0 || number % 10 == 0 ? null : Content.value(number * 2L, 100);
  }

  private static void check(Reader db, List<Integer> numbers) {
    List<byte @Nullable []> values = db.getAll(numbers.stream().map(Content::key).toList());
    assertEquals(numbers.size(), values.size());
    for (int i = 0; i < values.size(); i++) {
      assertArrayEquals(expected(numbers.get(i)), values.get(i), "key " + numbers.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void asManyGets(boolean mapped) {
    try (AtllDb db = Atll.open(temp, options(mapped))) {
      fill(db);
      SplittableRandom random = new SplittableRandom(7);
      try (Snapshot snapshot = db.snapshot()) {
        for (int round = 0; round < 40; round++) {
          List<Integer> numbers = new ArrayList<>();
          for (int i = random.nextInt(200); i > 0; i--) {
            numbers.add(random.nextInt(round % 2 == 0 ? ENTRIES : 50)); // some of them again and again
          }
          check(db, numbers);
          check(snapshot, numbers);
          if (round == 20) {
            db.flush();
            db.compact(KeyRange.all());
          }
        }
      }
      assertThrows(
          UnsupportedOperationException.class,
          () -> db.getAll(List.of(Content.key(1), Content.key(2))).set(0, new byte[0]));
    }
  }

  /** A batch writes all keys: no answer may have values of two of them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void atOneRevision(boolean mapped) throws InterruptedException {
    int keys = 40;
    List<byte[]> asked = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      asked.add(Content.key((i * 17) % keys));
    }
    try (AtllDb db = Atll.open(temp, options(mapped))) {
      AtomicBoolean over = new AtomicBoolean();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; !over.get(); round++) {
                      WriteBatch batch = new WriteBatch();
                      for (int i = 0; i < keys; i++) {
                        batch.put(Content.key(i), Content.value(round, 100));
                      }
                      db.write(batch);
                    }
                  });
      try {
        for (int round = 0; round < 3_000; round++) {
          List<byte @Nullable []> values = db.getAll(asked);
          byte[] first = values.getFirst();
          for (byte[] value : values) {
            assertArrayEquals(first, value);
          }
        }
      } finally {
        over.set(true);
        writer.join();
      }
    }
  }

  @Test
  void badInputIsRefused() {
    AtllDb db = Atll.open(temp, options(false));
    db.put(Content.key(1), Content.value(1, 10));
    assertThrows(NullPointerException.class, () -> db.getAll(null));
    assertThrows(
        NullPointerException.class, () -> db.getAll(Arrays.asList(Content.key(1), null)));
    assertEquals(List.of(), db.getAll(List.of()));
    assertNull(db.getAll(List.of(new byte[0])).getFirst());
    db.close();
    assertThrows(StoreClosedException.class, () -> db.getAll(List.of(Content.key(1))));
  }

  /** A block that cannot be read fails the call, typed; without it the same call is right. */
  @Test
  void anErrorOfTheDeviceFailsTheCall() {
    SimEnv sim = new SimEnv(5);
    FaultFileSystem faulty = new FaultFileSystem(sim.files());
    Env world = new EnvWithFiles(sim, faulty);
    try (AtllDb db = Atll.open(Path.of("/db"), options(false), Observer.none(), world)) {
      fill(db);
      db.flush();
      db.compact(KeyRange.all());
      List<Integer> numbers = new ArrayList<>();
      for (int i = 2; i < ENTRIES; i += 30) {
        numbers.add(i);
      }
      faulty.add(
          new FaultRule(OpKind.READ_BLOCK, name -> name.endsWith(".sst"), 1, true, Fault.ioError()));
      RuntimeException e = assertThrows(RuntimeException.class, () -> check(db, numbers));
      assertEquals(true, e instanceof StorageIoException || e instanceof CorruptionException, e::toString);
      faulty.clear();
      check(db, numbers);
    }
  }
}
