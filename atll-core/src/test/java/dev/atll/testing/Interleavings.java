package dev.atll.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a few threads in every order of their steps that takes at most so many switches away from a
 * thread that could go on. Steps are calls of {@link #step}; see {@link Steps} for who calls it. Memory
 * is as in order: what hardware may do beyond that is for tests on real threads.
 */
public final class Interleavings {
  private static final long SECONDS_MAX = 60;

  /** What is tried in every order. */
  public interface Scenario {
    /** Makes everything new, before each run. */
    void begin();

    /** What each thread does. */
    List<Runnable> actors();

    /** Looks at the result, after each run; throws if it is wrong. */
    void end();
  }

  /** A switch to another thread before a step. */
  private record Switch(int step, int to) {}

  private static volatile @Nullable Run running;

  private Interleavings() {}

  /** A thread of a run is about to do something that others may notice. */
  public static void step() {
    Run run = running;
    if (run != null) {
      run.step();
    }
  }

  /**
   * Tries all orders.
   *
   * @param switches how many at most
   * @return how many orders were tried
   */
  public static int explore(Scenario scenario, int switches) throws InterruptedException {
    int runs = 0;
    for (int first = 0; first < scenario.actors().size(); first++) {
      runs += explore(scenario, switches, first, List.of());
    }
    return runs;
  }

  private static int explore(Scenario scenario, int switches, int first, List<Switch> before)
      throws InterruptedException {
    Run run = new Run(first, before);
    try {
      run.go(scenario);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("thread " + first + " first, then " + before + ": " + e, e);
    }
    int runs = 1;
    if (before.size() < switches && run.passed == before.size()) {
      int from = before.isEmpty() ? 0 : before.getLast().step() + 1;
      for (int step = from; step < run.steps; step++) {
        for (int to = 0; to < run.threads.length; to++) {
          // Others are no switch, or to a thread that has ended: an order that was tried.
          if (run.wasAbleTo(step, to)) {
            List<Switch> more = new ArrayList<>(before);
            more.add(new Switch(step, to));
            runs += explore(scenario, switches, first, more);
          }
        }
      }
    }
    return runs;
  }

  /** One order. All fields are for the thread whose turn it is. */
  private static final class Run {
    private final List<Switch> switches;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread[] threads = new Thread[0];
    private boolean[] done = new boolean[0];
    // Who took each step, and how many had ended by then, as bits.
    private int[] by = new int[256];
    private int[] doneBy = new int[256];
    private volatile int turn;
    private @Nullable Throwable failure;
    private int passed;
    private int steps;

    Run(int first, List<Switch> switches) {
      this.turn = first;
      this.switches = switches;
    }

    void go(Scenario scenario) throws InterruptedException {
      scenario.begin();
      List<Runnable> actors = scenario.actors();
      threads = new Thread[actors.size()];
      done = new boolean[actors.size()];
      for (int i = 0; i < threads.length; i++) {
        int me = i;
        threads[i] = Thread.ofVirtual().unstarted(() -> act(me, actors.get(me)));
      }
      running = this;
      try {
        for (Thread thread : threads) {
          thread.start();
        }
        if (!ended.await(SECONDS_MAX, TimeUnit.SECONDS)) {
          throw new AssertionError("a thread does not end");
        }
      } finally {
        running = null;
      }
      Throwable thrown = failure;
      if (thrown != null) {
        throw new AssertionError(thrown);
      }
      scenario.end();
    }

    private void act(int me, Runnable actor) {
      await(me);
      try {
        actor.run();
      } catch (Throwable e) {
        failure = e;
      }
      done[me] = true;
      for (int i = 0; i < done.length; i++) {
        if (!done[i]) {
          hand(i);
          return;
        }
      }
      ended.countDown();
    }

    void step() {
      Thread self = Thread.currentThread();
      int me = Arrays.asList(threads).indexOf(self);
      if (me < 0) {
        return;
      }
      int now = steps++;
      if (now == by.length) {
        by = Arrays.copyOf(by, 2 * now);
        doneBy = Arrays.copyOf(doneBy, 2 * now);
      }
      by[now] = me;
      for (int i = 0; i < done.length; i++) {
        doneBy[now] |= done[i] ? 1 << i : 0;
      }
      if (passed < switches.size() && switches.get(passed).step() == now) {
        int to = switches.get(passed++).to();
        hand(to);
        await(me);
      }
    }

    boolean wasAbleTo(int step, int to) {
      return by[step] != to && (doneBy[step] >>> to & 1) == 0;
    }

    private void hand(int to) {
      turn = to;
      LockSupport.unpark(threads[to]);
    }

    private void await(int me) {
      while (turn != me) {
        LockSupport.park(this);
      }
    }
  }
}
