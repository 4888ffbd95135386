package dev.atll.bench.study;

/**
 * How large an experiment is.
 *
 * @param quick whether it must end within three minutes on two cores
 * @param memtableBytes of both layers
 * @param valueBytes length of values, beside keys of 16 bytes
 * @param simKeys keys of simulated stores
 * @param simWrites writes that count in a simulated run
 * @param simWarmShare writes before those, relative to them
 * @param simSeeds seeds of a simulated cell
 * @param engineKeys keys of real stores
 * @param engineWrites writes that count in a real run
 * @param engineWarmShare writes before those, relative to them
 * @param engineSeeds seeds of a real cell; 0 leaves the engine out
 * @param virtual whether the engine runs on a simulated clock and disk
 */
record Scale(
    boolean quick,
    long memtableBytes,
    int valueBytes,
    long simKeys,
    double simWrites,
    double simWarmShare,
    int simSeeds,
    long engineKeys,
    double engineWrites,
    double engineWarmShare,
    int engineSeeds,
    boolean virtual) {

  static Scale of(boolean quick, double engineMegabytes, int simSeeds, int engineSeeds, boolean virtual) {
    double engineWrites = engineMegabytes * 1e6 / 116;
    return quick
        ? new Scale(
            true, 1 << 20, 100, 120_000, 4e5, 0.6, Math.min(simSeeds, 2),
            (long) Math.max(20_000, engineWrites / 6), engineWrites, 0.25, Math.min(1, engineSeeds), virtual)
        : new Scale(
            false, 1 << 20, 100, 300_000, 2e6, 0.6, simSeeds,
            (long) Math.max(50_000, engineWrites / 8), engineWrites, 0.25, engineSeeds, virtual);
  }
}
