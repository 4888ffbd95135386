package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.Options;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is done with a store keeps nothing of it, though it lives on. */
@Timeout(60)
class ThreadMemoryTest {
  @TempDir Path temp;

  @Test
  void anIdleThreadKeepsNoKeyThatItReadOrWrote() {
    Options options = Options.builder().durability(Durability.OS).build();
    try (AtllDb db = Atll.open(temp, options)) {
      WeakReference<byte[]> read = read(db);
      WeakReference<byte[]> asked = contains(db);
      WeakReference<byte[]> written = written(db);
      awaitGone(read, "a key that was read");
      awaitGone(asked, "a key that was asked for");
      awaitGone(written, "a value that was written");
    }
  }

  private static WeakReference<byte[]> read(AtllDb db) {
    byte[] key = new byte[100];
    db.get(key);
    db.get(key, value -> value.byteSize());
    return new WeakReference<>(key);
  }

  private static WeakReference<byte[]> contains(AtllDb db) {
    byte[] key = new byte[101];
    db.contains(key);
    return new WeakReference<>(key);
  }

  private static WeakReference<byte[]> written(AtllDb db) {
    byte[] value = new byte[102];
    db.put(new byte[] {1}, value);
    return new WeakReference<>(value);
  }

  private static void awaitGone(WeakReference<byte[]> reference, String what) {
    for (int i = 0; i < 200 && reference.get() != null; i++) {
      System.gc();
      LockSupport.parkNanos(10_000_000);
    }
    assertTrue(reference.get() == null, what + " is still held");
  }
}
