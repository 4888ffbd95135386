package dev.atll.torture;

import dev.atll.torture.Trap.Point;

/** The calls that a {@link PlacedLoader} puts into the engine: each passes a {@link Trap}. */
public final class Places {
  private Places() {}

  /** An object is about to be made by code that decides, merges or installs. */
  public static void allocates() {
    Trap.pass(Point.ALLOCATION);
  }

  /** An object is about to be made by code that writes or reads tables. */
  public static void makesTables() {
    Trap.pass(Point.TABLE);
  }

  /** A method of code that decides, merges or installs begins. */
  public static void steps() {
    Trap.pass(Point.STEP);
  }

  /** A policy, picker or learner is at the beginning of a method, or about to make an object. */
  public static void advises() {
    Trap.pass(Point.ADVICE);
  }
}
