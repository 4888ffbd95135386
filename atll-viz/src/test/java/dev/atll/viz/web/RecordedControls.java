package dev.atll.viz.web;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Controls that remember what was asked of them. */
final class RecordedControls implements DemoControls {
  final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile String policy = "atll";

  @Override
  public State state() {
    return new State(
        true, List.of("atll", "leveled"), policy, List.of("hot", "scan"), "hot", 0.2, 0.3, 0, 1e6);
  }

  @Override
  public void setPolicy(String name) {
    if (!state().policies().contains(name)) {
      throw new IllegalArgumentException("no such policy");
    }
    policy = name;
    calls.add("policy " + name);
  }

  @Override
  public void setWorkload(String name) {
    if (name.equals("broken")) {
      throw new IllegalStateException("secret detail");
    }
    calls.add("workload " + name);
  }

  @Override
  public void setHotRange(double lowFraction, double highFraction) {
    calls.add("hot " + lowFraction + " " + highFraction);
  }

  @Override
  public void setRate(double opsPerSecond) {
    calls.add("rate " + opsPerSecond);
  }

  @Override
  public void burst() {
    calls.add("burst");
  }
}
