package dev.atll.bench.sim;

/** A key that a simulated read asks for, as far as it matters where it lies. */
final class SimKey {
  int bucket;
  // Which of the keys loaded at the beginning, or -1.
  long loadNumber;
  // Which of the keys inserted later, or -1.
  long insertNumber;
  // Share of the writes on it relative to the mean key.
  double weight;
  // Where in the bucket it lies, from 0 to less than 1.
  double inBucket;
}
