package dev.atll.blackbox;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a concurrent history of a few registers could have happened one call after another, each
 * at some moment between its begin and its end. The search of Wing and Gong (1993), with Lowe's memory
 * of states already found to lead nowhere (2017). For at most 63 calls.
 */
final class Linearizability {
  /**
   * One call.
   *
   * @param begin a time before it was made
   * @param end a time after it returned
   * @param read whether it read the registers, or wrote them
   * @param registers which ones, distinct
   * @param values what it found there, or wrote; 0 for nothing
   */
  record Call(long begin, long end, boolean read, int[] registers, long[] values) {
    @Override
    public String toString() {
      return "%s %s %s [%d, %d]"
          .formatted(
              read ? "read" : "write",
              Arrays.toString(registers),
              Arrays.toString(values),
              begin,
              end);
    }
  }

  private record State(long done, List<Long> registers) {}

  private final List<Call> calls;
  private final Set<State> dead = new HashSet<>();

  private Linearizability(List<Call> calls) {
    this.calls = calls;
  }

  static boolean holds(List<Call> calls, long[] registers) {
    if (calls.size() > 63) {
      throw new IllegalArgumentException(calls.size() + " calls");
    }
    return new Linearizability(calls).search(0, registers);
  }

  private boolean search(long done, long[] registers) {
    if (Long.bitCount(done) == calls.size()) {
      return true;
    }
    State state = new State(done, Arrays.stream(registers).boxed().toList());
    if (dead.contains(state)) {
      return false;
    }
    // Whatever comes next has begun before any of the others has ended.
    long firstEnd = Long.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      if ((done & 1L << i) == 0) {
        firstEnd = Math.min(firstEnd, calls.get(i).end());
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      if ((done & 1L << i) == 0 && call.begin() <= firstEnd) {
        long[] after = apply(call, registers);
        if (after != null && search(done | 1L << i, after)) {
          return true;
        }
      }
    }
    dead.add(state);
    return false;
  }

  /** The registers after a call, or null if it cannot have found what it found. */
  private static long[] apply(Call call, long[] registers) {
    if (!call.read()) {
      long[] after = registers.clone();
      for (int i = 0; i < call.registers().length; i++) {
        after[call.registers()[i]] = call.values()[i];
      }
      return after;
    }
    for (int i = 0; i < call.registers().length; i++) {
      if (registers[call.registers()[i]] != call.values()[i]) {
        return null;
      }
    }
    return registers;
  }
}
