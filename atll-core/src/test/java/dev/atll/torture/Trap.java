package dev.atll.torture;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a place other than a file throw: where code of others runs inside the engine, and where
 * memory, threads or the stack may run out. One for each thread, as a simulation has one.
 */
final class Trap {
  /** The places. */
  enum Point {
    /** A sink takes an event. */
    EVENT,
    /** A sink is asked whether it wants any. */
    ENABLED,
    /** A meter is looked up or used. */
    METER,
    /** A line is logged. */
    LOG,
    /** A policy of another jar decides. */
    POLICY,
    /** A caller's function looks at a value. */
    VIEW,
    /** A background loop is started: a process may have as many threads as it can. */
    START,
    /** A background loop is woken. */
    SIGNAL,
    /** A caller, or a loop, waits. */
    AWAIT,
    /** A caller lets background loops run. */
    YIELD,
    /** The time is read. */
    CLOCK,
    /** A generator is made. */
    RANDOM,
    /** Free space is asked for. */
    SPACE,
    /** A file is closed, a directory, or a background loop. */
    CLOSE,
    /** Code that decides, merges or installs makes an object; only under a {@link PlacedLoader}. */
    ALLOCATION,
    /** Code that writes tables makes an object; likewise. */
    TABLE,
    /** A method of code that decides, merges or installs begins; likewise. */
    STEP,
    /** A policy, picker or learner is in one of its own methods, or makes an object; likewise. */
    ADVICE
  }

  /** What is thrown. */
  enum Kind {
    RUNTIME(() -> new IllegalStateException("thrown on purpose")),
    /** Compiled code throws what it likes: other languages do not tell checked exceptions apart. */
    CHECKED(() -> new Exception("thrown on purpose")),
    LINKAGE(() -> new NoClassDefFoundError("thrown on purpose")),
    MEMORY(() -> new OutOfMemoryError("thrown on purpose")),
    STACK(() -> new StackOverflowError("thrown on purpose"));

    private final Supplier<Throwable> maker;

    Kind(Supplier<Throwable> maker) {
      this.maker = maker;
    }
  }

  /**
   * Where and what.
   *
   * @param nth which time the place is passed, from 1
   * @param sticky whether every later time also
   */
  record Plan(Point point, long nth, boolean sticky, Kind kind) {
    @Override
    public String toString() {
      return "%s no. %d%s: %s".formatted(point, nth, sticky ? " and all after" : "", kind);
    }
  }

  private static final ThreadLocal<@Nullable Trap> CURRENT = new ThreadLocal<>();
  private static final int REMEMBERED = 64;
  private static final int NOWHERE = -1;
  private static final int FRAMES_TOLD = 8;

  /** When a place was passed, among all of its kind. */
  static final class Visits {
    final Point point;
    final long first;
    long last;

    Visits(Point point, long first) {
      this.point = point;
      this.first = first;
    }
  }

  private final Map<Point, Long> passed = new EnumMap<>(Point.class);
  private final Map<Integer, Visits> places = new TreeMap<>();
  private final Deque<Throwable> thrown = new ArrayDeque<>();
  private final @Nullable Plan plan;
  private BooleanSupplier counts = () -> true;
  private long fired;
  private boolean armed = true;

  /**
   * A trap that is not set yet.
   *
   * @param plan null to count only
   */
  Trap(@Nullable Plan plan) {
    this.plan = plan;
  }

  /** Sets the trap of this thread, or takes it away with null. */
  static void set(@Nullable Trap trap) {
    if (trap == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(trap);
    }
  }

  static boolean isSet() {
    return CURRENT.get() != null;
  }

  /** Passes a place, which may throw here. */
  static void pass(Point point) {
    pass(point, NOWHERE);
  }

  /** Likewise, of several places of a kind the one of this number. */
  static void pass(Point point, int place) {
    Trap trap = CURRENT.get();
    if (trap != null) {
      trap.count(point, place);
    }
  }

  /** Whether something that a trap threw is this, or led to it. */
  static boolean isBehind(Throwable failure) {
    Trap trap = CURRENT.get();
    return trap != null && trap.caused(failure, 0);
  }

  /** Does something that is not the engine's, such as a check, with no trap in its way. */
  static void without(Runnable action) {
    Trap trap = CURRENT.get();
    if (trap == null) {
      action.run();
      return;
    }
    boolean before = trap.armed;
    trap.armed = false;
    try {
      action.run();
    } finally {
      trap.armed = before;
    }
  }

  /** Counts, and throws, only while something is so. */
  void onlyWhile(BooleanSupplier condition) {
    counts = condition;
  }

  /** Whether the last throw came from below a method of a class, or of one of its lambdas. */
  boolean threwBelow(String className, String method) {
    return thrown.stream()
        .flatMap(t -> Arrays.stream(t.getStackTrace()))
        .anyMatch(
            frame ->
                frame.getClassName().startsWith(className)
                    && frame.getMethodName().contains(method));
  }

  /** Where it threw first, innermost method first; empty if it did not. */
  List<StackTraceElement> threwAt() {
    Throwable first = thrown.peekFirst();
    return first == null
        ? List.of()
        : Arrays.stream(first.getStackTrace())
            .filter(frame -> !frame.getClassName().startsWith("dev.atll.torture.Trap"))
            .limit(FRAMES_TOLD)
            .toList();
  }

  /** Throws no more. */
  void disarm() {
    armed = false;
  }

  long fired() {
    return fired;
  }

  /** How often each place was passed. */
  Map<Point, Long> passed() {
    return passed;
  }

  /** When each place that has a number was passed; only counted where nothing is thrown. */
  Map<Integer, Visits> places() {
    return places;
  }

  private void count(Point point, int place) {
    // Of the places in the engine there are millions, and one in question.
    if (!armed || (plan != null && plan.point() != point) || !counts.getAsBoolean()) {
      return;
    }
    long n = passed.merge(point, 1L, Long::sum);
    if (plan == null) {
      if (place != NOWHERE) {
        places.computeIfAbsent(place, _ -> new Visits(point, n)).last = n;
      }
      return;
    }
    if (plan.sticky() ? n >= plan.nth() : n == plan.nth()) {
      fired++;
      Throwable failure = plan.kind().maker.get();
      thrown.addLast(failure);
      if (thrown.size() > REMEMBERED) {
        thrown.removeFirst();
      }
      Trap.<RuntimeException>sneak(failure);
    }
  }

  private boolean caused(Throwable failure, int depth) {
    if (thrown.stream().anyMatch(t -> t == failure)) {
      return true;
    }
    if (depth > 20) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (caused(suppressed, depth + 1)) {
        return true;
      }
    }
    Throwable cause = failure.getCause();
    return cause != null && caused(cause, depth + 1);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }
}
