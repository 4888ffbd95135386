package dev.atll.observe;

/** A sum that only grows. Safe for any number of threads; adding neither locks nor allocates. */
public interface Counter {

  /**
   * Adds to the sum.
   *
   * @param amount at least 0; negative amounts are the caller's mistake and are not checked here
   */
  void add(long amount);

  /** Adds one. */
  default void increment() {
    add(1);
  }
}
