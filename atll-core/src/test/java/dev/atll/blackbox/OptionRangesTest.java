package dev.atll.blackbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.Durability;
import dev.atll.api.InvalidInputException;
import dev.atll.api.KeyRange;
import dev.atll.api.Options;
import dev.atll.base.Times;
import dev.atll.env.sim.SimEnv;
import dev.atll.observe.Observer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Any value of any option is refused by name where it is set, or a store works with it. */
class OptionRangesTest {
  private static final Path DIRECTORY = Path.of("/db");
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  /** Setters that take one number or duration, by name. */
  private static final List<Method> SETTERS =
      Arrays.stream(Options.Builder.class.getMethods())
          .filter(m -> m.getReturnType() == Options.Builder.class && m.getParameterCount() == 1)
          .filter(m -> !m.getName().equals("splitKey"))
          .sorted(java.util.Comparator.comparing(Method::getName))
          .toList();

  private static final long[] NUMBERS = {
    Long.MIN_VALUE, -1, 0, 1, 2, 63, 64, 100, 1000, 4095, 4096, 16 << 10, 1 << 20, 1 << 30,
    1L << 40, 1L << 50, 1L << 62, Long.MAX_VALUE
  };
  private static final double[] FRACTIONS = {
    Double.NEGATIVE_INFINITY, -1, -0.0, 0, 0.01, 1, 1.05, 10, 32, 100, 1e300,
    Double.POSITIVE_INFINITY, Double.NaN
  };
  private static final Duration[] DURATIONS = {
    FOREVER.negated(), Duration.ZERO, Duration.ofNanos(1), Duration.ofMillis(1), Duration.ofDays(1),
    Duration.ofDays(365_000), Duration.ofSeconds(Long.MAX_VALUE), FOREVER
  };

  private static Object draw(Class<?> type, SplittableRandom random) {
    if (type == boolean.class) {
      return random.nextBoolean();
    }
    if (type == double.class) {
      return FRACTIONS[random.nextInt(FRACTIONS.length)];
    }
    if (type == Duration.class) {
      return random.nextInt(8) == 0 ? null : DURATIONS[random.nextInt(DURATIONS.length)];
    }
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    if (type == long.class) {
      return number;
    }
    if (type == int.class) {
      return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    Object[] constants = type.getEnumConstants();
    return constants != null && random.nextInt(8) > 0 ? constants[random.nextInt(constants.length)] : null;
  }

  /** Sets it, or sees it refused by name with all else as it was. */
  private static void set(Options.Builder builder, Method setter, Object value)
      throws ReflectiveOperationException {
    try {
      setter.invoke(builder, value);
    } catch (InvocationTargetException e) {
      assertEquals(
          value == null ? NullPointerException.class : InvalidInputException.class,
          e.getCause().getClass(),
          setter + " " + value);
      assertTrue(
          String.valueOf(e.getCause().getMessage()).contains(setter.getName()),
          e.getCause().getMessage());
    }
  }

  @Property(tries = 60)
  void whatIsNotRefusedWorks(@ForAll long seed) throws ReflectiveOperationException {
    SplittableRandom random = new SplittableRandom(seed);
    Options.Builder builder = Options.builder();
    for (int i = random.nextInt(2 * SETTERS.size()); i >= 0; i--) {
      Method setter = SETTERS.get(random.nextInt(SETTERS.size()));
      set(builder, setter, draw(setter.getParameterTypes()[0], random));
    }
    // Without these two nothing could be written at all.
    builder.createIfMissing(true).spaceReserveBytes(0);
    Options options;
    try {
      options = builder.build();
    } catch (InvalidInputException e) {
      assertTrue(e.getMessage().contains("level"), e.getMessage());
      return;
    }
    SimEnv env = new SimEnv(seed);
    int keys = options.keyBytesMax() == 1 ? 60 : 100;
    int saved = 0;
    try (AtllDb db = Atll.open(DIRECTORY, options, Observer.none(), env)) {
      for (int i = 0; i < keys; i++) {
        try {
          db.put(new byte[] {(byte) i}, Content.value(i, Math.min(40, options.valueBytesMax())));
          saved++;
        } catch (InvalidInputException e) {
          assertTrue(e.getMessage().contains("BytesMax"), e.getMessage());
        }
      }
      db.flush();
      db.settle(Duration.ofMillis(20));
    }
    try (AtllDb db = Atll.open(DIRECTORY, options, Observer.none(), env)) {
      assertEquals(saved, db.count(KeyRange.all()));
    }
  }

  @Test
  void forEverIsAsLongAsAny() {
    Options options =
        Options.builder()
            .durability(Durability.INTERVAL)
            .memtableAge(FOREVER)
            .syncInterval(FOREVER)
            .walCollectInterval(Duration.ofSeconds(Long.MAX_VALUE))
            .build();
    SimEnv env = new SimEnv(1);
    try (AtllDb db = Atll.open(DIRECTORY, options, Observer.none(), env)) {
      db.put(new byte[] {1}, new byte[] {1});
      env.workers().awaitUntil(() -> false, 2_000_000_000L);
      db.put(new byte[] {2}, new byte[] {2});
      db.flush();
      assertTrue(db.settle(FOREVER));
      assertTrue(db.settle(Duration.ZERO));
      assertTrue(db.settle(FOREVER.negated()));
      assertArrayEquals(new byte[] {1}, db.get(new byte[] {1}));
    }
  }

  @Test
  void durationsSaturate() {
    assertEquals(0, Times.nanos(FOREVER.negated()));
    assertEquals(0, Times.nanos(Duration.ZERO));
    assertEquals(1, Times.nanos(Duration.ofNanos(1)));
    assertEquals(Times.NANOS_MAX, Times.nanos(FOREVER));
    assertEquals(Times.NANOS_MAX, Times.nanos(Duration.ofDays(365 * 292)));
    assertFalse(Times.NANOS_MAX + Times.NANOS_MAX < 0);
  }

  @Test
  void aSlotHasALeastSize() {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Options.builder().slotBytes(1));
    assertTrue(e.getMessage().contains("slotBytes"), e.getMessage());
    assertEquals(4096, Options.builder().slotBytes(4096).build().slotBytes());
  }
}
