package dev.atll.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.base.Reports;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.EventSink;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Room is promised once, given back once, and what nobody knows refuses nothing. */
class DiskSpaceTest {
  private static final long RESERVE = 100;

  private final SimEnv sim = new SimEnv(1);
  private long free = 1_000;
  private boolean fails;
  private final DiskSpace disk =
      new DiskSpace(storage(), RESERVE, Reports.of(EventSink.none()), sim.clock());

  private Storage storage() {
    try {
      Storage below = sim.files().open(Path.of("/d"), true);
      return (Storage)
          Proxy.newProxyInstance(
              Storage.class.getClassLoader(),
              new Class<?>[] {Storage.class},
              (proxy, method, args) -> {
                if (!method.getName().equals("freeBytes")) {
                  try {
                    return method.invoke(below, args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }
                if (fails) {
                  throw new IOException("Mount point not found");
                }
                return free;
              });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void jobsTogetherArePromisedNoMoreThanThereIs() {
    DiskSpace.Reservation first = disk.tryPromise(600);
    assertNotNull(first);
    assertNull(disk.tryPromise(400), "300 are left beside the reserve");
    DiskSpace.Reservation second = disk.tryPromise(300);
    assertNotNull(second);
    assertNull(disk.tryPromise(1));
    // What is written is missing from what is free, and is promised no longer.
    first.written(200);
    free -= 200;
    assertEquals(700, disk.promisedBytes());
    assertNull(disk.tryPromise(1));
    first.close();
    first.close();
    first.written(600);
    assertEquals(300, disk.promisedBytes());
    assertNotNull(disk.tryPromise(400));
    second.close();
    assertTrue(disk.hasRoomFor(700), "puts ask for the reserve only");
    assertFalse(disk.hasRoomFor(701));
  }

  @Test
  void aFlushIsPromisedWhatIsNotThere() {
    try (DiskSpace.Reservation _ = disk.promise(5_000)) {
      assertNull(disk.tryPromise(1));
    }
    assertNotNull(disk.tryPromise(900));
  }

  @Test
  void aNumberThatMeansNothingIsNoNumber() {
    for (long told : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      free = told;
      assertTrue(disk.fits(1L << 50));
      assertFalse(disk.isKnown());
    }
    free = 500;
    assertFalse(disk.fits(401));
    assertTrue(disk.isKnown());
    fails = true;
    assertTrue(disk.fits(401));
    assertFalse(disk.isKnown());
  }

  @Test
  void zeroMeansFullOnlyFromWhoKnowsMoreThanZero() {
    free = 0;
    assertTrue(disk.fits(1), "never told anything else");
    disk.foundFull();
    assertFalse(disk.fits(1), "the disk said so itself");
    disk.wrote(1 << 19);
    assertFalse(disk.fits(1));
    disk.wrote(1 << 19);
    assertTrue(disk.fits(1), "a mebibyte was written all the same");
    free = 1_000;
    assertTrue(disk.fits(900));
    free = 0;
    assertFalse(disk.fits(1));
  }
}
