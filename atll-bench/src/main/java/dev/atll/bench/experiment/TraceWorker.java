package dev.atll.bench.experiment;

import dev.atll.bench.store.ScanChecksum;
import dev.atll.bench.store.Store;
import dev.atll.bench.trace.BlockTrace;
import dev.atll.bench.workload.Values;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Replays a block trace some times over. The key of a unit is its number, 8 bytes big-endian. A write
 * puts every unit that its request touches, with a value that names the request and the unit; a read
 * scans the units of its request.
 */
final class TraceWorker implements Worker {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Store store;
  private final BlockTrace trace;
  private final long requests;
  private final byte[] key = new byte[Long.BYTES];
  private final byte[] end = new byte[Long.BYTES];
  private final byte[] value;
  private final @Nullable Model model;
  private final ScanChecksum checksum = new ScanChecksum();
  private final Tally tally = new Tally();
  private volatile long request;

  /**
   * A replay from the beginning.
   *
   * @param repeat how many times over, at least 1
   * @param model checks each read; null for no checks
   */
  TraceWorker(Store store, BlockTrace trace, int repeat, int valueBytes, @Nullable Model model) {
    this.store = store;
    this.trace = trace;
    this.requests = (long) trace.size() * repeat;
    this.value = new byte[valueBytes];
    this.model = model;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  /** Requests replayed so far; readable by any thread. */
  long requestsDone() {
    return request;
  }

  /** Requests that a whole replay has. */
  long requests() {
    return requests;
  }

  @Override
  public boolean step(int count) {
    long until = Math.min(requests, request + count);
    for (long r = request; r < until; r++) {
      int i = (int) (r % trace.size());
      if (trace.isWrite(i)) {
        write(r, trace.firstUnit(i), trace.unitCount(i));
      } else {
        read(r, trace.firstUnit(i), trace.unitCount(i));
      }
      request = r + 1;
    }
    return request < requests;
  }

  private void write(long number, long first, int count) {
    long last = System.nanoTime();
    for (long unit = first; unit < first + count; unit++) {
      LONG.set(key, 0, unit);
      Values.write(unit, number, value);
      store.put(key, value);
      long now = System.nanoTime();
      tally.writes.record(now - last);
      tally.timedNanos += now - last;
      last = now;
      if (model != null) {
        model.put(key, unit, number);
        last = System.nanoTime();
      }
    }
    tally.ops += count;
    tally.entries += count;
    tally.userBytesWritten += (long) count * (key.length + value.length);
  }

  private void read(long number, long first, int count) {
    LONG.set(key, 0, first);
    LONG.set(end, 0, first + count);
    long began = System.nanoTime();
    if (model == null) {
      tally.entries += store.scan(key, end, Integer.MAX_VALUE, checksum);
    } else {
      Model.ScanCheck check = model.scan(key, end, () -> number);
      store.visit(key, end, Integer.MAX_VALUE, check);
      check.end(false);
      tally.entries += check.count();
    }
    long nanos = System.nanoTime() - began;
    tally.scans.record(nanos);
    tally.timedNanos += nanos;
    tally.ops++;
  }
}
