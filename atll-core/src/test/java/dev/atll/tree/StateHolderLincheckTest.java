package dev.atll.tree;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Options;
import dev.atll.env.Storage;
import dev.atll.env.sim.SimEnv;
import dev.atll.memtable.Memtable;
import dev.atll.testing.Lincheck;
import dev.atll.version.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lending and taking back read states, interleaved by Lincheck (invariant I12): a reader gets the
 * current state, and nobody frees it while it is lent.
 */
@Tag("slow")
@Timeout(180)
class StateHolderLincheckTest {
  private static final int STATES_MAX = 32;
  private static final Version EMPTY = Version.empty(1);
  private static final ReadTree TREE = emptyTree();

  /** Readers of two stripes, publishers, and who frees what nobody holds. */
  public static class Lending {
    private final StateHolder states = new StateHolder(state(0));
    private final AtomicIntegerArray freed = new AtomicIntegerArray(STATES_MAX);

    /** The number of the current state; another if it was freed in the reader's hands. */
    @Operation
    public int read(@Param(gen = IntGen.class, conf = "0:1") int stripe) {
      ReadState state = pin(stripe * 16);
      int number = (int) state.active().id();
      int wrong = freed.get(number);
      states.unpin(state, stripe * 16);
      return wrong == 0 ? number : -1 - number;
    }

    ReadState pin(int stripe) {
      return states.pin(stripe);
    }

    /** Publishers take turns. */
    @Operation
    public synchronized void publish() {
      states.publish(state(states.peek().active().id() + 1));
    }

    @Operation
    public void reclaim() {
      for (ReadState state : states.drain(new ArrayList<>())) {
        freed.incrementAndGet((int) state.active().id());
      }
    }
  }

  /** Pins without looking again whether the state is still current. */
  public static class LendingBlindly extends Lending {
    @Override
    ReadState pin(int stripe) {
      ReadState state = super.states.peek();
      state.pins.increment(stripe);
      return state;
    }
  }

  /** What {@link Lending} answers. */
  public static class Program {
    private int current;

    public int read(int stripe) {
      return current;
    }

    public void publish() {
      current++;
    }

    public void reclaim() {
      // Nobody sees it.
    }
  }

  private static ReadTree emptyTree() {
    try {
      Storage storage = new SimEnv(1).files().open(Path.of("never-read"), true);
      return ReadTree.of(EMPTY, null, new TableCache(storage, Options.defaults(), Long.MAX_VALUE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A state that is known by the number of its memtable. */
  private static ReadState state(long number) {
    return new ReadState(new Memtable[] {new Memtable(number, 1)}, EMPTY, TREE);
  }

  @Test
  void aStateThatIsLentIsNotFreed() throws Exception {
    String said = Lincheck.verdict(Lending.class, Program.class);
    assertTrue(said.contains(Lincheck.EXPLAINED), said);
  }

  @Test
  void pinningWithoutASecondLookIsFound() throws Exception {
    String said = Lincheck.verdict(LendingBlindly.class, Program.class);
    assertFalse(said.contains(Lincheck.EXPLAINED), said);
    assertTrue(said.contains("Invalid execution results"), said);
  }
}
