package dev.atll.viz.synthetic;

import dev.atll.viz.web.DemoControls;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hands the viewer's wishes to the thread that runs the model. */
final class SyntheticControls implements DemoControls {
  private static final List<String> POLICIES =
      List.of("atll", "leveled", "tiered", "lazy-leveling", "greedy");
  private static final List<String> WORKLOADS =
      List.of("read-mostly", "mixed", "write-heavy", "wandering");

  private final ConcurrentLinkedQueue<Runnable> wishes = new ConcurrentLinkedQueue<>();
  private volatile State state =
      new State(true, POLICIES, "atll", WORKLOADS, "wandering", 0.18, 0.3, 120_000, 400_000);
  private SyntheticEngine engine;
  private dev.atll.observe.EventSink sink;

  void drive(SyntheticEngine newEngine, dev.atll.observe.EventSink newSink) {
    engine = newEngine;
    sink = newSink;
  }

  void grantWishes() {
    for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
      wish.run();
    }
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public void setPolicy(String policy) {
    State s = state;
    check(s.policies(), policy);
    state =
        new State(true, s.policies(), policy, s.workloads(), s.workload(), s.hotLowFraction(),
            s.hotHighFraction(), s.rate(), s.rateMax());
    wishes.add(() -> engine.policy(policy));
  }

  @Override
  public void setWorkload(String workload) {
    State s = state;
    check(s.workloads(), workload);
    state =
        new State(true, s.policies(), s.policy(), s.workloads(), workload, s.hotLowFraction(),
            s.hotHighFraction(), s.rate(), s.rateMax());
    wishes.add(
        () -> {
          engine.load.wandering = workload.equals("wandering");
          engine.load.kind = Math.min(2, s.workloads().indexOf(workload));
          engine.load.announce(engine.now(), sink);
        });
  }

  @Override
  public void setHotRange(double lowFraction, double highFraction) {
    State s = state;
    state =
        new State(true, s.policies(), s.policy(), s.workloads(), s.workload(), lowFraction,
            highFraction, s.rate(), s.rateMax());
    wishes.add(
        () -> {
          engine.load.wandering = false;
          engine.load.hotLow = lowFraction;
          engine.load.hotHigh = highFraction;
          engine.load.announce(engine.now(), sink);
        });
  }

  @Override
  public void setRate(double opsPerSecond) {
    State s = state;
    state =
        new State(true, s.policies(), s.policy(), s.workloads(), s.workload(), s.hotLowFraction(),
            s.hotHighFraction(), opsPerSecond, s.rateMax());
    wishes.add(() -> engine.load.rate = opsPerSecond == 0 ? s.rateMax() : opsPerSecond);
  }

  @Override
  public void burst() {
    wishes.add(() -> engine.load.burst(engine.now()));
  }

  private static void check(List<String> names, String name) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException("there is no “" + name + "”");
    }
  }
}
