package dev.atll.bench.sim;

import dev.atll.bench.workload.KeyOrder;
import dev.atll.bench.workload.ShiftingHotSet;
import dev.atll.bench.workload.Distributions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A workload as shares and distributions. Operations are drawn from it, but only where in the key
 * space they fall.
 *
 * @param name as on the command line
 * @param order how numbers become keys
 * @param keys keys loaded at the beginning; the unit of the hot ranges
 * @param loaded whether they are loaded before the operations begin
 * @param puts share of operations that overwrite a key
 * @param inserts share that write a new key
 * @param deletes share that delete a key
 * @param gets share that read a key that was written
 * @param misses share that read a key that never was
 * @param scans share that scan
 * @param scanEntries entries of a scan
 * @param zipfExponent skew of puts, gets and scans; 0 for every key alike
 * @param readsLatest whether gets prefer the newest inserts
 * @param hot hot ranges of reads and writes, in place of the skew; null for none
 */
public record SimLoad(
    String name,
    KeyOrder order,
    long keys,
    boolean loaded,
    double puts,
    double inserts,
    double deletes,
    double gets,
    double misses,
    double scans,
    int scanEntries,
    double zipfExponent,
    boolean readsLatest,
    @Nullable ShiftingHotSet hot) {

  /** Names that {@link #named} knows. */
  public static List<String> names() {
    return List.of(
        "load-random", "insert-only", "put", "mixed-80-20", "get-uniform", "get-zipf",
        "get-miss", "scan-10", "scan-100", "delete",
        "ycsb-a", "ycsb-b", "ycsb-c", "ycsb-d", "ycsb-e", "ycsb-f",
        "ycsb-a-ordered", "ycsb-b-ordered", "ycsb-c-ordered", "ycsb-d-ordered", "ycsb-e-ordered",
        "ycsb-f-ordered", "append-scan", "shifting-hotset");
  }

  /**
   * The workload of {@code ./atll run} with this name.
   *
   * @throws IllegalArgumentException if none has it
   */
  public static SimLoad named(String name, long keys, ShiftingHotSet hot) {
    boolean ordered = name.endsWith("-ordered");
    String base = ordered ? name.substring(0, name.length() - "-ordered".length()) : name;
    SimLoad load =
        switch (base) {
          case "load-random", "insert-only" ->
              mix(name, keys, 0, 1, 0, 0, 0, 0).onEmpty();
          case "put" -> mix(name, keys, 1, 0, 0, 0, 0, 0);
          case "mixed-80-20" -> mix(name, keys, 0.2, 0, 0, 0.8, 0, 0);
          case "get-uniform" -> mix(name, keys, 0, 0, 0, 1, 0, 0);
          case "get-zipf" -> mix(name, keys, 0, 0, 0, 1, 0, 0).skewed();
          case "scan-10" -> mix(name, keys, 0, 0, 0, 0, 0, 1).scanning(10);
          case "scan-100" -> mix(name, keys, 0, 0, 0, 0, 0, 1).scanning(100);
          case "get-miss" -> mix(name, keys, 0, 0, 0, 0, 1, 0);
          case "delete" -> mix(name, keys, 0, 0, 1, 0, 0, 0);
          case "ycsb-a", "ycsb-f" ->
              mix(name, keys, 0.5, 0, 0, base.endsWith("f") ? 1 : 0.5, 0, 0).skewed();
          case "ycsb-b" -> mix(name, keys, 0.05, 0, 0, 0.95, 0, 0).skewed();
          case "ycsb-c" -> mix(name, keys, 0, 0, 0, 1, 0, 0).skewed();
          case "ycsb-d" -> mix(name, keys, 0, 0.05, 0, 0.95, 0, 0).readingLatest();
          case "ycsb-e" -> mix(name, keys, 0, 0.05, 0, 0, 0, 0.95).scanning(50).skewed();
          case "append-scan" ->
              mix(name, keys, 0, 0.8, 0, 0, 0, 0.2).scanning(20).in(KeyOrder.ORDERED);
          case "shifting-hotset" ->
              mix(
                      name,
                      keys,
                      1 - hot.readShare(),
                      0,
                      0,
                      hot.readShare() * (1 - hot.scanShare()),
                      0,
                      hot.readShare() * hot.scanShare())
                  .scanning(hot.scanEntries())
                  .hot(hot);
          default ->
              throw new IllegalArgumentException(
                  String.format(
                      Locale.ROOT,
                      "the simulator has no workload '%s'; there are %s",
                      name, String.join(", ", names())));
        };
    return ordered ? load.in(KeyOrder.ORDERED) : load;
  }

  /** Every key alike, hashed, over a loaded store. The shares need not add up to 1. */
  public static SimLoad mix(
      String name,
      long keys,
      double puts,
      double inserts,
      double deletes,
      double gets,
      double misses,
      double scans) {
    return new SimLoad(
        name, KeyOrder.HASHED, keys, true, puts, inserts, deletes, gets, misses, scans, 1, 0, false,
        null);
  }

  /** The same from an empty store. */
  public SimLoad onEmpty() {
    return new SimLoad(
        name, order, keys, false, puts, inserts, deletes, gets, misses, scans, scanEntries,
        zipfExponent, readsLatest, hot);
  }

  /** The same with the skew of YCSB. */
  public SimLoad skewed() {
    return skewed(Distributions.YCSB_EXPONENT);
  }

  /** The same with another skew. */
  public SimLoad skewed(double exponent) {
    return new SimLoad(
        name, order, keys, loaded, puts, inserts, deletes, gets, misses, scans, scanEntries,
        exponent, readsLatest, hot);
  }

  /** The same with gets of what was inserted last. */
  public SimLoad readingLatest() {
    return new SimLoad(
        name, order, keys, loaded, puts, inserts, deletes, gets, misses, scans, scanEntries,
        Distributions.YCSB_EXPONENT, true, hot);
  }

  /** The same with scans of another length. */
  public SimLoad scanning(int entries) {
    return new SimLoad(
        name, order, keys, loaded, puts, inserts, deletes, gets, misses, scans, entries,
        zipfExponent, readsLatest, hot);
  }

  /** The same with keys in another order. */
  public SimLoad in(KeyOrder other) {
    return new SimLoad(
        name, other, keys, loaded, puts, inserts, deletes, gets, misses, scans, scanEntries,
        zipfExponent, readsLatest, hot);
  }

  /** The same with hot ranges, in key order. */
  public SimLoad hot(ShiftingHotSet ranges) {
    return new SimLoad(
        name, KeyOrder.ORDERED, keys, loaded, puts, inserts, deletes, gets, misses, scans,
        scanEntries, 0, false, ranges);
  }

  /** Writes of an operation on average. */
  double writes() {
    return puts + inserts + deletes;
  }

  double reads() {
    return gets + misses + scans;
  }
}
