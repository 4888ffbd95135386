package dev.atll.write;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Durability;
import dev.atll.testing.Lincheck;
import dev.atll.write.CommitRequest.Fate;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The commit queue and the shared pace, interleaved by Lincheck: each write gets its place, those
 * that ask are synced, none waits for ever beside who seals or closes; and bookings add up.
 */
@Tag("slow")
@Timeout(180)
class CommitQueueLincheckTest {
  private static final int REFUSED = -1;
  // A group of two needs both threads at one place: few calls, and many ways through them.
  private static final int CALLS_EACH = 2;
  private static final int INTERLEAVINGS = 200;

  /** A queue whose pauses end only when somebody ends them; for Lincheck, parking just goes on. */
  private static class Sleepers extends CommitQueue {
    private final List<Thread> woken = new ArrayList<>();

    Sleepers(Server server) {
      super(server);
    }

    @Override
    void pause() {
      while (!isWoken()) {
        Thread.onSpinWait();
      }
    }

    private synchronized boolean isWoken() {
      return woken.remove(Thread.currentThread());
    }

    @Override
    synchronized void wake(Thread thread) {
      woken.add(thread);
    }
  }

  /** Writers, and who works alone, on a log that only counts. */
  public static class Committing {
    private final CommitQueue queue = queue();
    private int last;
    private int seals;
    private boolean closed;
    private volatile long durable;

    CommitQueue queue() {
      return new Sleepers(this::serve);
    }

    void serve(CommitQueue.Group group) {
      for (CommitRequest member = group.first(); member != null; member = member.next) {
        if (closed) {
          member.fate = Fate.CLOSED;
        } else {
          member.revision = ++last;
          member.fate = Fate.DONE;
        }
      }
      if (isSyncWanted(group)) {
        durable = last;
      }
    }

    boolean isSyncWanted(CommitQueue.Group group) {
      return group.isSyncWanted();
    }

    /** The revision; 0 for one that is not as durable as asked for. */
    @Operation
    public int write(@Param(gen = BooleanGen.class) boolean sync) {
      CommitRequest request = new CommitRequest();
      request.prepare(new byte[1], 1, sync ? Durability.SYNC : Durability.OS, false);
      queue.submit(request);
      if (request.fate != Fate.DONE) {
        return REFUSED;
      }
      return sync && durable < request.revision ? 0 : (int) request.revision;
    }

    /** How many seals there were, this one included. */
    @Operation
    public int seal() {
      return queue.alone(() -> ++seals);
    }

    void end() {
      queue.alone(() -> closed = true);
    }
  }

  /** The same with an end. */
  public static class CommittingUntilClosed extends Committing {
    @Operation
    public void close() {
      end();
    }
  }

  /** Nobody is told that the lock is free again. */
  public static class CommittingInSilence extends Committing {
    @Override
    CommitQueue queue() {
      return new Sleepers(this::serve) {
        @Override
        void wake(Thread thread) {
          // The bug.
        }
      };
    }
  }

  /** Syncs only if the leader, who is the first, asked for it. */
  public static class CommittingForTheLeader extends Committing {
    @Override
    boolean isSyncWanted(CommitQueue.Group group) {
      CommitRequest leader = group.first();
      return leader != null && leader.durability == Durability.SYNC;
    }
  }

  /** What {@link Committing} answers. */
  public static class CommitProgram {
    private int last;
    private int seals;
    private boolean closed;

    public int write(boolean sync) {
      return closed ? REFUSED : ++last;
    }

    public int seal() {
      return ++seals;
    }

    public void close() {
      closed = true;
    }
  }

  /** Bookings at one time: each is over when those before it and itself are. */
  public static class Booking {
    private final WritePace pace = new WritePace();

    @Operation
    public long book(@Param(gen = IntGen.class, conf = "1:9") int bytes) {
      return pace.book(0, bytes, 2);
    }

    @Operation
    public void forget() {
      pace.forget();
    }
  }

  /** Each books for itself, as if the others had not come. */
  public static class BookingBlindly {
    private volatile long bookedUntil;

    @Operation
    public long book(@Param(gen = IntGen.class, conf = "1:9") int bytes) {
      long until = bookedUntil + 2L * bytes;
      bookedUntil = until;
      return until;
    }

    @Operation
    public void forget() {
      bookedUntil = 0;
    }
  }

  /** What {@link Booking} answers. */
  public static class BookProgram {
    private long until;

    public long book(int bytes) {
      until += 2L * bytes;
      return until;
    }

    public void forget() {
      until = 0;
    }
  }

  @Test
  void everyWriteIsServedInItsPlaceAndAsDurableAsAskedForAndNoneWaitsForEver() throws Exception {
    String said =
        Lincheck.verdict(
            CommittingUntilClosed.class, CommitProgram.class, CALLS_EACH, INTERLEAVINGS);
    assertTrue(said.contains(Lincheck.EXPLAINED), said);
  }

  @Test
  void aWriterThatNobodyWakesIsFound() throws Exception {
    String said =
        Lincheck.verdict(CommittingInSilence.class, CommitProgram.class, CALLS_EACH, INTERLEAVINGS);
    assertFalse(said.contains(Lincheck.EXPLAINED), said);
    assertTrue(said.contains("hung"), said);
  }

  @Test
  void aGroupSyncedForItsLeaderAloneIsFound() throws Exception {
    String said = Lincheck.verdict(CommittingForTheLeader.class, CommitProgram.class, CALLS_EACH, INTERLEAVINGS);
    assertFalse(said.contains(Lincheck.EXPLAINED), said);
    assertTrue(said.contains("Invalid execution results"), said);
  }

  @Test
  void bookingsOfManyAddUp() throws Exception {
    String said = Lincheck.verdict(Booking.class, BookProgram.class);
    assertTrue(said.contains(Lincheck.EXPLAINED), said);
  }

  @Test
  void bookingsThatForgetOthersAreFound() throws Exception {
    String said = Lincheck.verdict(BookingBlindly.class, BookProgram.class);
    assertFalse(said.contains(Lincheck.EXPLAINED), said);
    assertTrue(said.contains("Invalid execution results"), said);
  }
}
