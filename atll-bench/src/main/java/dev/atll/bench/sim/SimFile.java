package dev.atll.bench.sim;

/** A table file: it takes space until no run shows any of it. */
final class SimFile {
  private final double entries;
  private double shown;
  // Among all tables, where memory is bounded.
  long number;
  // Entries before its first one in its content, which several tables may share.
  double from;
  private int deadPermille;

  SimFile(double entries) {
    this.entries = entries;
    findDead();
  }

  void show(double more) {
    shown += more;
    findDead();
  }

  /** Takes a view away. */
  void hide(double less) {
    shown -= less;
    findDead();
  }

  /** Whether anything of it is shown; rounding may leave a little. */
  boolean isLive() {
    return shown > 1e-6 * entries + 1e-9;
  }

  double entries() {
    return entries;
  }

  private void findDead() {
    deadPermille =
        entries <= 0 ? 0 : (int) Math.max(0, 1000 * (entries - shown) / entries);
  }

  int deadPermille() {
    return deadPermille;
  }
}
