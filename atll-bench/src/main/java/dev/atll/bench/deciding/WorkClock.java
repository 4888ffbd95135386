package dev.atll.bench.deciding;

import com.sun.management.ThreadMXBean;
import dev.atll.env.Clock;
import dev.atll.env.Env;
import dev.atll.env.FileSystem;
import dev.atll.env.Work;
import dev.atll.env.Workers;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The system's clock, which adds up the processor time that compaction threads spend on each kind of
 * {@link Work}. Asking for the time of a thread takes a few hundred nanoseconds, some ten times a decision.
 */
final class WorkClock implements Clock {
  private static final String THREADS = "atll-compact";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ThreadLocal<Account> accounts = ThreadLocal.withInitial(this::open);
  private final Clock clock;
  private final Map<Work, Long> nanos = new EnumMap<>(Work.class); // guarded by this
  private long looks; // guarded by this

  private static final class Account {
    final boolean counts = Thread.currentThread().getName().startsWith(THREADS);
    Work work = Work.OTHER;
    long nanos;
  }

  /** What compaction threads have spent so far. */
  record Spent(Map<Work, Long> nanos, long looks) {
    long all() {
      return nanos.values().stream().mapToLong(Long::longValue).sum();
    }

    long on(Work work) {
      return nanos.getOrDefault(work, 0L);
    }

    Spent since(Spent before) {
      Map<Work, Long> difference = new EnumMap<>(Work.class);
      nanos.forEach((work, spent) -> difference.put(work, spent - before.on(work)));
      return new Spent(difference, looks - before.looks());
    }
  }

  private WorkClock(Clock clock) {
    this.clock = clock;
  }

  private Account open() {
    Account account = new Account();
    account.nanos = threads.getCurrentThreadCpuTime();
    return account;
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public long currentTimeMillis() {
    return clock.currentTimeMillis();
  }

  @Override
  public void enters(Work work) {
    Account account = accounts.get();
    if (!account.counts) {
      return;
    }
    long now = threads.getCurrentThreadCpuTime();
    synchronized (this) {
      nanos.merge(account.work, now - account.nanos, Long::sum);
      looks += work == Work.DECIDE && account.work != Work.PLAN ? 1 : 0;
    }
    account.work = work;
    account.nanos = now;
  }

  synchronized Spent spent() {
    return new Spent(new EnumMap<>(nanos), looks);
  }

  /** The system's environment with such a clock. */
  static final class Measured implements Env {
    private final Env below = Env.system();
    private final WorkClock clock = new WorkClock(below.clock());

    @Override
    public FileSystem files() {
      return below.files();
    }

    @Override
    public WorkClock clock() {
      return clock;
    }

    @Override
    public Workers workers() {
      return below.workers();
    }

    @Override
    public RandomGenerator random(String stream) {
      return below.random(stream);
    }

    @Override
    public long memoryBytes() {
      return below.memoryBytes();
    }
  }
}
