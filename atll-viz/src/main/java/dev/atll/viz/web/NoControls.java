package dev.atll.viz.web;

import java.util.List;

/** Controls nothing. */
final class NoControls implements DemoControls {
  static final NoControls INSTANCE = new NoControls();

  private static final State STATE =
      new State(false, List.of(), "", List.of(), "", 0, 1, 0, 1);

  private NoControls() {}

  @Override
  public State state() {
    return STATE;
  }

  @Override
  public void setPolicy(String policy) {
    throw refused();
  }

  @Override
  public void setWorkload(String workload) {
    throw refused();
  }

  @Override
  public void setHotRange(double lowFraction, double highFraction) {
    throw refused();
  }

  @Override
  public void setRate(double opsPerSecond) {
    throw refused();
  }

  @Override
  public void burst() {
    throw refused();
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException("there is nothing to control here");
  }
}
