package dev.atll.bench.micro;

import dev.atll.base.Keys;
import dev.atll.sstable.filter.FilterChoice;
import dev.atll.sstable.filter.FilterKind;
import dev.atll.sstable.filter.FilterSection;
import dev.atll.sstable.filter.FilterWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Building and probing the kinds of filter, over partitions of the default size: 36,000 keys, and 64
 * of them side by side, so that probes leave the nearest caches as they do in a store.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterBench {
  /** Keys of a filter. */
  public static final int KEYS = 36_000;

  private static final int FILTERS = 64;

  /** Kind and bits a key: the pairs have about the same rate. */
  @Param({"BLOCKED_BLOOM:10", "RIBBON:7.4", "BLOCKED_BLOOM:16", "RIBBON:11.2"})
  public String filter = "";

  private FilterChoice choice = FilterChoice.NONE;
  private final FilterWriter writer = new FilterWriter();
  private final long[] hashes = new long[KEYS];
  private final FilterSection[] sections = new FilterSection[FILTERS];
  private final byte[] buffer = new byte[KEYS * 4];
  private MemorySegment memory = MemorySegment.NULL;
  private long next;

  private static long hash(long number) {
    return Keys.hash(ByteBuffer.allocate(8).putLong(number).array(), 0, 8);
  }

  /** Builds the filters that are probed. */
  @Setup
  public void build() throws FilterSection.DamagedException {
    String[] parts = filter.split(":", -1);
    choice = new FilterChoice(FilterKind.valueOf(parts[0]), Double.parseDouble(parts[1]));
    memory = Arena.ofAuto().allocate((long) FILTERS * buffer.length, 64);
    for (int f = 0; f < FILTERS; f++) {
      for (int i = 0; i < KEYS; i++) {
        hashes[i] = hash((long) f * KEYS + i);
      }
      int bytes = writer.prepare(hashes, KEYS, choice);
      writer.write(hashes, KEYS, buffer, 0);
      long offset = (long) f * buffer.length;
      MemorySegment.copy(buffer, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes);
      sections[f] = FilterSection.read(memory, offset, bytes, "bench");
    }
  }

  /** Time a key to build a filter. */
  @Benchmark
  @OperationsPerInvocation(KEYS)
  public byte buildKey() {
    writer.prepare(hashes, KEYS, choice);
    writer.write(hashes, KEYS, buffer, 0);
    return buffer[17];
  }

  /** One probe for a key that is not there. */
  @Benchmark
  public boolean probeAbsent() {
    long number = next++;
    long mixed = number * 0x9E3779B97F4A7C15L;
    return sections[(int) (mixed >>> 58)].mayContain(memory, mixed ^ mixed >>> 29);
  }

  /** One probe for a key that is there. */
  @Benchmark
  public boolean probePresent() {
    int i = (int) ((next++ * 0x9E3779B97F4A7C15L >>> 32) * KEYS >>> 32);
    return sections[FILTERS - 1].mayContain(memory, hashes[i]);
  }
}
