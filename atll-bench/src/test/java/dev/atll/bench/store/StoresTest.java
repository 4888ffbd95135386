package dev.atll.bench.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine of the build, peers included where it has them, against a sorted map. */
@Timeout(60)
class StoresTest {
  private static final int STEPS = 4000;
  private static final int KEYS = 300;
  private static final byte[] EMPTY = {};

  @TempDir private Path dir;

  static List<String> engines() {
    return Stores.names();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void answersAreThoseOfASortedMap(String engine) {
    try (MemoryStore model = new MemoryStore()) {
      Random random = new Random(7);
      Store store = Stores.open(engine, dir, Map.of());
      try {
        for (int i = 0; i < STEPS; i++) {
          step(random, store, model);
          if (i % 1000 == 999) {
            store.flush();
            store.compact();
            assertTrue(store.settle(Duration.ofSeconds(30)));
            store.close();
            store = Stores.open(engine, dir, Map.of());
          }
        }
        assertSame(store, model, EMPTY, null, Integer.MAX_VALUE);
      } finally {
        store.close();
        store.close();
      }
    }
  }

  private static void step(Random random, Store store, MemoryStore model) {
    byte[] key = key(random);
    switch (random.nextInt(7)) {
      case 0 -> {
        byte[] value = value(random);
        store.put(key, value);
        model.put(key, value);
      }
      case 1 -> {
        store.delete(key);
        model.delete(key);
      }
      case 2 -> {
        // The last array is no part of the batch.
        byte[][] keys = {key, key(random), key(random), key(random)};
        byte[][] values = {value(random), value(random), value(random), value(random)};
        store.putAll(keys, values, 3);
        model.putAll(keys, values, 3);
      }
      case 3 -> assertSame(store, model, key, key(random), random.nextInt(50));
      case 4 -> assertSame(store, model, random.nextBoolean() ? EMPTY : key, null, 5);
      case 5 -> {
        // The last array is not asked for.
        byte[][] keys = {key, key(random), key, key(random)};
        assertArrayEquals(model.getAll(keys, 3), store.getAll(keys, 3));
      }
      default -> assertArrayEquals(model.get(key), store.get(key));
    }
  }

  private static void assertSame(
      Store store, Store model, byte[] low, byte @Nullable [] high, int limit) {
    ScanChecksum found = new ScanChecksum();
    ScanChecksum expected = new ScanChecksum();
    assertEquals(
        model.scan(low, high, limit, expected), store.scan(low, high, limit, found));
    assertEquals(expected.sum(), found.sum());
    assertEquals(expected.bytes(), found.bytes());
    StringBuilder seen = new StringBuilder();
    StringBuilder wanted = new StringBuilder();
    store.visit(low, high, limit, (key, value) -> append(seen, key, value));
    model.visit(low, high, limit, (key, value) -> append(wanted, key, value));
    assertEquals(wanted.toString(), seen.toString());
  }

  private static void append(StringBuilder text, byte[] key, byte[] value) {
    text.append(HexFormat.of().formatHex(key)).append('=');
    text.append(Arrays.hashCode(value)).append('\n');
  }

  /** From few, some of which begin with others, with bytes above 127. */
  private static byte[] key(Random random) {
    byte[] key = new byte[random.nextInt(10) == 0 ? 2 : 16];
    int number = random.nextInt(KEYS) * 211;
    key[0] = (byte) (number >>> 8);
    key[1] = (byte) number;
    return key;
  }

  private static byte[] value(Random random) {
    byte[] value = new byte[random.nextInt(20) == 0 ? 5000 : random.nextInt(120)];
    random.nextBytes(value);
    return value;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void threadsReadBesideOneThatWrites(String engine)
      throws InterruptedException, ExecutionException {
    byte[] key = new byte[16];
    try (Store store = Stores.open(engine, dir, Map.of())) {
      store.put(key, new byte[] {0, 0});
      List<FutureTask<Integer>> readers =
          IntStream.range(0, 3).mapToObj(i -> new FutureTask<>(() -> halfWritten(store))).toList();
      readers.forEach(reader -> Thread.ofPlatform().start(reader));
      for (int i = 0; i < 1000; i++) {
        store.put(key, new byte[] {(byte) i, (byte) i});
      }
      for (FutureTask<Integer> reader : readers) {
        assertEquals(0, reader.get());
      }
      assertArrayEquals(new byte[] {(byte) 999, (byte) 999}, store.get(key));
    }
  }

  private static int halfWritten(Store store) {
    int count = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] value = store.get(new byte[16]);
      count += value == null || value.length != 2 || value[0] != value[1] ? 1 : 0;
    }
    return count;
  }
}
