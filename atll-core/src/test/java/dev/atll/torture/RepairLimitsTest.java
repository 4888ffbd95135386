package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.InvalidInputException;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.api.RepairReport;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Limits of whoever repairs, on input and on memory, bind nothing that is stored already. */
final class RepairLimitsTest {
  private static final Path FROM = Path.of("/from");
  private static final Path TO = Path.of("/to");

  private final SimEnv env = new SimEnv(1);

  private AtllDb open(Path directory, Options options) {
    return Atll.open(directory, options, Observer.none(), env);
  }

  private static byte[] key(int number) {
    return Bytes.value(number, 8).array();
  }

  @Test
  void largerKeysAndValuesThanTheLimitsAreSaved() {
    byte[] longKey = Bytes.value(1, 3000).array();
    byte[] longValue = Bytes.value(2, 700_000).array();
    Options small = Options.builder().keyBytesMax(100).valueBytesMax(1000).batchBytesMax(4096).build();
    try (AtllDb db = open(FROM, Options.defaults())) {
      for (int i = 0; i < 100; i++) {
        db.put(key(i), Bytes.value(i, 900).array());
      }
      db.put(key(1000), longValue);
      db.flush();
      db.put(longKey, longValue);
    }
    RepairReport report = Atll.repair(FROM, TO, small, env);
    assertEquals(List.of(), report.problems());
    assertEquals(102, report.entries());
    try (AtllDb db = open(TO, small)) {
      assertArrayEquals(longValue, db.get(key(1000)));
      assertArrayEquals(longValue, db.get(longKey));
      assertEquals(102, db.count(KeyRange.all()));
      // What they do bind is new input.
      Assertions.assertThrows(InvalidInputException.class, () -> db.put(longKey, key(1)));
    }
  }

  @Test
  void aLogLongerThanMemoryShouldHoldIsSaved() throws IOException {
    Options writer = Options.builder().memtableBytes(4 << 20).flushOnClose(false).build();
    Options reader = writer.toBuilder().memtableBytes(16 << 10).memtablesMax(2).build();
    try (AtllDb db = open(FROM, writer)) {
      for (int i = 0; i < 600; i++) {
        // Each key three times, and each fifth deleted at last.
        db.put(key(i % 200), Bytes.value(i, 700).array());
      }
      for (int i = 0; i < 200; i += 5) {
        db.delete(key(i));
      }
    }
    RepairReport report = Atll.repair(FROM, TO, reader, env);
    assertEquals(List.of(), report.problems());
    assertEquals(160, report.entries());
    try (AtllDb db = open(TO, reader)) {
      for (int i = 0; i < 200; i++) {
        byte[] found = db.get(key(i));
        if (i % 5 == 0) {
          assertNull(found);
        } else {
          assertArrayEquals(Bytes.value(400 + i, 700).array(), found);
        }
      }
    }
    try (Storage storage = env.files().open(TO, false)) {
      assertTrue(storage.list().stream().noneMatch(name -> name.startsWith("9")), "left behind");
    }
  }
}
