package dev.atll.torture;

import dev.atll.torture.Trap.Point;

/** The calls that a {@link PlacedLoader} puts into the engine: each passes a {@link Trap} with its number. */
public final class Places {
  private Places() {}

  /** An object is about to be made by code that decides, merges or installs. */
  public static void allocates(int place) {
    Trap.pass(Point.ALLOCATION, place);
  }

  /** An object is about to be made by code that writes or reads tables. */
  public static void makesTables(int place) {
    Trap.pass(Point.TABLE, place);
  }

  /** A method of code that decides, merges or installs begins. */
  public static void steps(int place) {
    Trap.pass(Point.STEP, place);
  }

  /** A policy, picker or learner is at the beginning of a method, or about to make an object. */
  public static void advises(int place) {
    Trap.pass(Point.ADVICE, place);
  }
}
