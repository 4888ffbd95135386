package dev.atll.bench.workload;

/**
 * A named stream of operations.
 *
 * @param name as on the command line
 * @param description one line for the help text
 * @param order how numbers become keys
 * @param loaded whether the keys are in the store before it begins; otherwise it starts empty
 * @param finite whether its streams end by themselves, after each key was written once
 * @param writes whether it changes the store
 * @param countsEntries whether its rate is that of entries, not of operations
 * @param streams makes each thread's stream
 */
public record Workload(
    String name,
    String description,
    KeyOrder order,
    boolean loaded,
    boolean finite,
    boolean writes,
    boolean countsEntries,
    Streams streams) {

  /** Makes each thread's stream. */
  @FunctionalInterface
  public interface Streams {
    /**
     * The stream of one thread; the same arguments give the same stream.
     *
     * @param settings what the workload is run with
     * @param thread which thread, from 0
     */
    OpSource of(WorkloadSettings settings, int thread);
  }

  /** The stream of one thread. */
  public OpSource source(WorkloadSettings settings, int thread) {
    return streams.of(settings, thread);
  }

  /** The same under the other order of keys, with {@code -ordered} or {@code -hashed} in its name. */
  Workload in(KeyOrder other, String suffix) {
    return new Workload(
        name + suffix, description, other, loaded, finite, writes, countsEntries, streams);
  }
}
