package dev.atll.bench.experiment;

import dev.atll.bench.trace.BlockTrace;
import dev.atll.bench.workload.Workload;
import dev.atll.bench.workload.WorkloadSettings;
import java.time.Duration;
import java.util.Map;

/**
 * One run of a workload or a trace, apart from the policy it runs under.
 *
 * @param engine name of the engine
 * @param load what is done to the store
 * @param valueBytes length of each value, 1 to 1 GiB
 * @param opsMax operations after which a workload ends; a trace ends by itself
 * @param opsPerSecond the pace of a workload over all threads; 0 for as fast as it goes
 * @param durationMax time after which it ends
 * @param settleMax how long to wait for compactions afterwards
 * @param verify whether every answer is checked
 * @param settings settings of the engine by name
 */
public record RunPlan(
    String engine,
    Load load,
    int valueBytes,
    long opsMax,
    double opsPerSecond,
    Duration durationMax,
    Duration settleMax,
    boolean verify,
    Map<String, String> settings) {
  /** Operations of a run that nothing else bounds. */
  public static final long OPS_DEFAULT = 1_000_000;

  /** No bound by time. */
  public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  private static final long WARMUP_KEYS_MAX = 200_000;
  private static final Duration WARMUP_MAX = Duration.ofSeconds(5);

  /** Checks the value length. */
  public RunPlan {
    if (valueBytes < 1 || valueBytes > 1 << 30) {
      throw new IllegalArgumentException("value bytes = " + valueBytes + ", allowed 1 to 1 GiB");
    }
    if (opsPerSecond < 0 || (opsPerSecond > 0 && verify)) {
      throw new IllegalArgumentException("a pace is above 0, and not for a verified run");
    }
    settings = Map.copyOf(settings);
  }

  /** The same, unchecked and bounded by operations alone: a million where only time was a bound. */
  RunPlan counting() {
    return new RunPlan(
        engine,
        load,
        valueBytes,
        opsMax == Long.MAX_VALUE ? OPS_DEFAULT : opsMax,
        opsPerSecond,
        FOREVER,
        settleMax,
        false,
        settings);
  }

  /** The same, unchecked, over fewer keys and for a few seconds: for the compiler's sake. */
  RunPlan warmUp() {
    Load brief =
        switch (load) {
          case Synthetic(Workload workload, WorkloadSettings s) ->
              new Synthetic(
                  workload,
                  new WorkloadSettings(
                      Math.min(s.keys(), WARMUP_KEYS_MAX), s.threads(), s.seed(), s.hotSet()));
          case Replay replay -> replay;
        };
    Duration most = durationMax.compareTo(WARMUP_MAX) < 0 ? durationMax : WARMUP_MAX;
    return new RunPlan(
        engine, brief, valueBytes, opsMax, opsPerSecond, most, settleMax, false, settings);
  }

  /** What is done to the store. */
  public sealed interface Load permits Synthetic, Replay {
    /** The name that reports use. */
    String name();
  }

  /**
   * A workload.
   *
   * @param workload which
   * @param settings its settings
   */
  public record Synthetic(Workload workload, WorkloadSettings settings) implements Load {
    @Override
    public String name() {
      return workload.name();
    }
  }

  /**
   * A trace, some times over.
   *
   * @param name what reports call it
   * @param trace the requests
   * @param repeat how many times, at least 1
   */
  public record Replay(String name, BlockTrace trace, int repeat) implements Load {
    /** Checks the count. */
    public Replay {
      if (repeat < 1) {
        throw new IllegalArgumentException("repeat = " + repeat + ", allowed from 1");
      }
    }
  }
}
