package dev.atll.policy;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a slot with what rules ask of them again and again, added up once: a slot is looked at
 * many times before it changes. Immutable but for what it remembers.
 */
final class RunList extends AbstractList<RunFacts> implements RandomAccess {
  static final RunList EMPTY = new RunList(new RunFacts[0]);

  private final RunFacts[] runs;
  // Bytes of the runs before each position, and of all.
  private final long[] bytesBefore;

  /** Bytes of the runs, and of what is dead in their tables. */
  final double storedBytes;

  /** Bytes of older entries that runs but the oldest replaced. */
  final double overwrittenBytes;

  /** The greatest dead share of a table, in thousandths. */
  final int fileDeadPermilleMost;

  /** Gets that asked the runs in vain, and blocks that these read. */
  final long probes;

  final long falsePositives;

  /** What a block of the runs costs beyond one in memory, on average by bytes. */
  final double missNanos;

  /** The least bytes of two neighbouring runs; {@link Long#MAX_VALUE} without two. */
  final long pairBytesLeast;

  // Found when first asked for: it takes each pair of runs.
  private Offers.@Nullable Range cheapest;

  private RunList(RunFacts[] runs) {
    this.runs = runs;
    this.bytesBefore = new long[runs.length + 1];
    double stored = 0;
    double overwritten = 0;
    int dead = 0;
    long asked = 0;
    long blocks = 0;
    double missed = 0;
    long pair = Long.MAX_VALUE;
    for (int i = 0; i < runs.length; i++) {
      RunFacts run = runs[i];
      bytesBefore[i + 1] = bytesBefore[i] + run.bytes();
      stored += run.bytes() + run.fileDeadBytes();
      dead = Math.max(dead, run.fileDeadPermille());
      asked += run.probes();
      blocks += run.falsePositives();
      missed += (double) run.missNanos() * run.bytes();
      if (i + 1 < runs.length) {
        overwritten += run.overwrittenBytes();
        pair = Math.min(pair, run.bytes() + runs[i + 1].bytes());
      }
    }
    this.probes = asked;
    this.falsePositives = blocks;
    this.missNanos = missed == 0 ? 0 : missed / bytesBefore[runs.length];
    this.pairBytesLeast = pair;
    this.storedBytes = stored;
    this.overwrittenBytes = overwritten;
    this.fileDeadPermilleMost = dead;
  }

  static RunList of(List<RunFacts> runs) {
    if (runs instanceof RunList known) {
      return known;
    }
    return runs.isEmpty() ? EMPTY : new RunList(List.copyOf(runs).toArray(new RunFacts[0]));
  }

  /** Those age-contiguous runs, at least two, whose merge removes a run for fewest bytes. */
  Offers.Range cheapest() {
    Offers.Range known = cheapest;
    if (known == null) {
      known = findCheapest();
      cheapest = known;
    }
    return known;
  }

  private Offers.Range findCheapest() {
    int first = 0;
    int last = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < runs.length; i++) {
      for (int j = i + 1; j < runs.length; j++) {
        double bytesPerRun = bytes(i, j) / (double) (j - i);
        if (bytesPerRun < least) {
          least = bytesPerRun;
          first = i;
          last = j;
        }
      }
    }
    return new Offers.Range(first, last, least);
  }

  /** Takes over what depends on sizes alone from a list of runs of the same. */
  void takeFrom(RunList before) {
    if (before.cheapest != null && Arrays.equals(bytesBefore, before.bytesBefore)) {
      cheapest = before.cheapest;
    }
  }

  @Override
  public RunFacts get(int index) {
    return runs[index];
  }

  @Override
  public Iterator<RunFacts> iterator() {
    return Arrays.asList(runs).iterator();
  }

  @Override
  public int size() {
    return runs.length;
  }

  /** Bytes of the runs at positions {@code first} to {@code last}, both included; 0 for none. */
  long bytes(int first, int last) {
    return last < first ? 0 : bytesBefore[last + 1] - bytesBefore[first];
  }
}
