package dev.atll.bench.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Counts wrong answers and describes the first few. Thread-safe. */
final class Mismatches {
  /** How many are described. */
  static final int DESCRIBED_MAX = 10;

  private final List<String> described = new ArrayList<>();
  private long count;

  /** Notes one; the description is made only if it is among the first. */
  synchronized void add(Supplier<String> description) {
    if (described.size() < DESCRIBED_MAX) {
      described.add(description.get());
    }
    count++;
  }

  /** How many there were. */
  synchronized long count() {
    return count;
  }

  /** The first ones. */
  synchronized List<String> described() {
    return List.copyOf(described);
  }
}
