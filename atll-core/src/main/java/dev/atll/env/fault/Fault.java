package dev.atll.env.fault;

import dev.atll.env.OpKind;

/** A way for a call to go wrong. */
public sealed interface Fault {
  /** Input/output error; nothing is done. */
  static Fault ioError() {
    return new IoError(0);
  }

  /** Out of space; of an append half is written. */
  static Fault outOfSpace() {
    return new OutOfSpace(0.5);
  }

  /** A failed sync that drops the unsynced pages. */
  static Fault lostPages() {
    return new LostPages();
  }

  /** A sync that says yes and does nothing. */
  static Fault lyingSync() {
    return new LyingSync();
  }

  /** The call finds no memory. */
  static Fault outOfMemory() {
    return new OutOfMemory();
  }

  /** No file descriptor is left. */
  static Fault noDescriptors() {
    return new NoDescriptors();
  }

  /** The calling thread is interrupted. */
  static Fault interrupt() {
    return new Interrupt();
  }

  /** A device that gives a few bytes of a block at a time. */
  static Fault shortReads(int most) {
    return new ShortReads(most);
  }

  /** A read of a block that gives other bytes than are stored. */
  static Fault wrongBytes(double at) {
    return new WrongBytes(at);
  }

  /** Whether it can happen to a call of this kind. */
  default boolean suits(OpKind kind) {
    return switch (this) {
      case IoError e -> true;
      case Delay d -> true;
      case Interrupt i -> true;
      case OutOfMemory m -> true;
      case NoDescriptors d -> kind == OpKind.OPEN || kind == OpKind.CREATE;
      case OutOfSpace o -> kind.mutating();
      case ShortReads s -> kind == OpKind.READ_BLOCK;
      case WrongBytes w -> kind == OpKind.READ_BLOCK;
      case LostPages p -> kind == OpKind.SYNC || kind == OpKind.SYNC_DIRECTORY;
      case LyingSync l -> kind == OpKind.SYNC || kind == OpKind.SYNC_DIRECTORY;
    };
  }

  /**
   * The call fails with EIO.
   *
   * @param done the part of an append that was written, at least 0 and less than 1
   */
  record IoError(double done) implements Fault {
    public IoError {
      requireFraction(done);
    }
  }

  /**
   * The call fails with ENOSPC.
   *
   * @param done the part of an append that was written, at least 0 and less than 1
   */
  record OutOfSpace(double done) implements Fault {
    public OutOfSpace {
      requireFraction(done);
    }
  }

  /**
   * The sync fails with EIO, and what it should have written stays readable, counts as clean and
   * never reaches the device, so that a second sync succeeds. Over files that are not simulated
   * nothing can be dropped: only the error remains.
   */
  record LostPages() implements Fault {}

  /** The sync returns as if done: what a device with a volatile cache and bad manners does. */
  record LyingSync() implements Fault {}

  /**
   * The call takes longer.
   *
   * @param nanos how much, at least 0
   */
  record Delay(long nanos) implements Fault {}

  /** The calling thread is interrupted, then the call goes on. */
  record Interrupt() implements Fault {}

  /** The call throws {@link OutOfMemoryError}; nothing is done. */
  record OutOfMemory() implements Fault {}

  /** The file cannot be opened or created for want of a descriptor; nothing is done. */
  record NoDescriptors() implements Fault {}

  /**
   * The read of a block is done by reads that each give less than was asked.
   *
   * @param most how many bytes each gives at most, at least 1
   */
  record ShortReads(int most) implements Fault {
    public ShortReads {
      if (most < 1) {
        throw new IllegalArgumentException("at least one byte: " + most);
      }
    }
  }

  /**
   * One bit of what the read of a block gives is wrong, this time: what is stored stays right.
   *
   * @param at where it is, as a part of what is read, at least 0 and less than 1
   */
  record WrongBytes(double at) implements Fault {
    public WrongBytes {
      requireFraction(at);
    }
  }

  private static void requireFraction(double done) {
    if (!(done >= 0 && done < 1)) {
      throw new IllegalArgumentException("not in [0, 1): " + done);
    }
  }
}
