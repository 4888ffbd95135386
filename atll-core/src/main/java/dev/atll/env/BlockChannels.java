package dev.atll.env;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many files of this process are open for {@link FileIn#readBlock} at a time: a bounded number,
 * since a store may have more tables than the process may have descriptors. Who opens one more makes
 * the one that has been left alone longest (second chance) close its own. Thread-safe.
 */
final class BlockChannels {
  /** Of the whole process, as descriptors are. */
  static final BlockChannels OF_PROCESS = new BlockChannels(limit());

  private static final int OPEN_MAX = 1024;
  private static final int OPEN_MIN = 4;

  /** Somebody with an open channel. */
  interface Holder {
    /** Whether it was used since this was asked last. */
    boolean wasUsed();

    /** Closes the channel: it is opened again when it is next needed. */
    void giveBack();
  }

  private final int openMax;
  private final Deque<Holder> holders = new ArrayDeque<>();

  BlockChannels(int openMax) {
    this.openMax = openMax;
  }

  // A quarter: logs, manifests, sockets of the application and the class path need some as well.
  private static int limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? Math.clamp(unix.getMaxFileDescriptorCount() / 4, OPEN_MIN, OPEN_MAX)
        : OPEN_MAX / 4;
  }

  /** Notes a holder that is about to open its channel, and makes room for it. */
  void add(Holder holder) {
    while (true) {
      Holder victim;
      synchronized (this) {
        if (holders.size() < openMax) {
          holders.addLast(holder);
          return;
        }
        victim = takeVictim();
      }
      // Not under the lock: the victim has one of its own, and may be adding itself.
      victim.giveBack();
    }
  }

  /** Makes one holder give its channel back, because a descriptor is missing; false if none has one. */
  boolean shrink() {
    Holder victim;
    synchronized (this) {
      if (holders.isEmpty()) {
        return false;
      }
      victim = takeVictim();
    }
    victim.giveBack();
    return true;
  }

  private Holder takeVictim() {
    for (int i = holders.size(); i > 0; i--) {
      Holder holder = holders.removeFirst();
      if (!holder.wasUsed()) {
        return holder;
      }
      holders.addLast(holder);
    }
    return holders.removeFirst();
  }

  /** Forgets a holder that closes its channel by itself. */
  synchronized void remove(Holder holder) {
    holders.remove(holder);
  }
}
