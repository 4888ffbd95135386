package dev.atll.bench.experiment;

import dev.atll.bench.report.Latencies;

/** What a worker did and how long the store took for it. Not thread-safe. */
final class Tally {
  long ops;
  long entries;
  long userBytesWritten;
  long timedNanos;
  long found;
  long absent;
  final Latencies reads = new Latencies();
  final Latencies writes = new Latencies();
  final Latencies scans = new Latencies();

  /** Adds all of another, times included. */
  void add(Tally other) {
    ops += other.ops;
    entries += other.entries;
    userBytesWritten += other.userBytesWritten;
    timedNanos += other.timedNanos;
    found += other.found;
    absent += other.absent;
    reads.add(other.reads);
    writes.add(other.writes);
    scans.add(other.scans);
  }

  /** Forgets the latencies so far, as after a warm-up. */
  void forgetLatencies() {
    reads.clear();
    writes.clear();
    scans.clear();
  }

  /** The latencies of all operations together. */
  Latencies all() {
    Latencies sum = new Latencies();
    sum.add(reads);
    sum.add(writes);
    sum.add(scans);
    return sum;
  }
}
