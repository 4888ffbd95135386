package dev.atll.env.fault;

import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.OutOfDescriptorsException;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import dev.atll.env.sim.Droppable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes chosen calls on a file system go wrong. Safe for use by many threads.
 *
 * <p>A test that injects faults must ask {@link #fired()}: a fault that never happened proves
 * nothing.
 */
public final class FaultFileSystem implements FileSystem {
  private final InterceptedFileSystem intercepted;
  private final LongConsumer sleep;
  // Guarded by this object's monitor.
  private final List<ArmedRule> rules = new ArrayList<>();
  private final Map<OpKind, Long> calls = new EnumMap<>(OpKind.class);
  private long fired;

  private static final class ArmedRule {
    final FaultRule rule;
    long matched;

    ArmedRule(FaultRule rule) {
      this.rule = rule;
    }

    boolean fires(Call call) {
      String newName = call.newName;
      if (rule.kind() != call.kind
          || !(rule.names().test(call.name)
              || (newName != null && rule.names().test(newName)))) {
        return false;
      }
      long position = call.position();
      if (position >= 0
          && (position >= rule.to() || position + Math.max(1, call.bytes) <= rule.from())) {
        return false;
      }
      matched++;
      return rule.sticky() ? matched >= rule.nth() : matched == rule.nth();
    }
  }

  /** Wraps a file system; delays put the calling thread to sleep. */
  public FaultFileSystem(FileSystem below) {
    this(below, LockSupport::parkNanos);
  }

  /**
   * Wraps a file system.
   *
   * @param sleep takes the nanoseconds of a delay, such as {@code simClock::advance}
   */
  public FaultFileSystem(FileSystem below, LongConsumer sleep) {
    this.intercepted = new InterceptedFileSystem(below, this::around);
    this.sleep = sleep;
  }

  @Override
  public Storage open(Path directory, boolean create) throws IOException {
    return intercepted.open(directory, create);
  }

  /** Adds a rule, which counts calls from now on. If several fire on one call, the first wins. */
  public synchronized void add(FaultRule rule) {
    rules.add(new ArmedRule(rule));
  }

  /** Removes all rules; the counts stay. */
  public synchronized void clear() {
    rules.clear();
  }

  /** How many faults happened so far. */
  public synchronized long fired() {
    return fired;
  }

  /** How many calls of this kind came so far, those that went wrong included. */
  public synchronized long calls(OpKind kind) {
    return calls.getOrDefault(kind, 0L);
  }

  private void around(Call call) throws IOException {
    ArmedRule firing = count(call);
    if (firing == null) {
      call.run();
      return;
    }
    String what = call.kind + " of " + call.name;
    switch (firing.rule.fault()) {
      case Fault.IoError(double done) -> {
        runPartly(call, done);
        throw new IOException("Input/output error (injected): " + what);
      }
      case Fault.OutOfSpace(double done) -> {
        runPartly(call, done);
        throw new OutOfSpaceException("No space left on device (injected): " + what, null);
      }
      case Fault.LostPages() -> {
        if (call.target() instanceof Droppable droppable) {
          droppable.dropUnsynced();
        }
        throw new IOException("Input/output error (injected), pages lost: " + what);
      }
      case Fault.LyingSync() -> {}
      case Fault.Delay(long nanos) -> {
        sleep.accept(nanos);
        call.run();
      }
      case Fault.ShortReads(int most) -> call.runShort(most);
      case Fault.WrongBytes(double at) -> call.runWrong(at);
      case Fault.OutOfMemory() -> throw new OutOfMemoryError("injected: " + what);
      case Fault.NoDescriptors() ->
          throw new OutOfDescriptorsException(
              "Too many open files (injected): " + what, null);
      case Fault.Interrupt() -> {
        Thread.currentThread().interrupt();
        call.run();
      }
    }
  }

  private static void runPartly(Call call, double done) throws IOException {
    if (done > 0) {
      call.runPartly(done);
    }
  }

  private synchronized @Nullable ArmedRule count(Call call) {
    calls.merge(call.kind, 1L, Long::sum);
    ArmedRule firing = null;
    for (ArmedRule armed : rules) {
      // Every rule counts the call, whichever of them fires.
      if (armed.fires(call) && firing == null) {
        firing = armed;
      }
    }
    if (firing != null) {
      fired++;
    }
    return firing;
  }
}
