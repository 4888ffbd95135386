package dev.atll.env.fault;

import dev.atll.env.OpKind;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which calls go wrong, and how.
 *
 * @param kind of the calls
 * @param names of the files; a rename or link matches by either of its names, a call on a directory
 *     by its path
 * @param nth the call that goes wrong, counting from 1 the calls that match since the rule was added
 * @param sticky whether every later one goes wrong also
 * @param fault how
 * @param from of reads only those that touch a byte from here on
 * @param to and below here
 */
public record FaultRule(
    OpKind kind,
    Predicate<String> names,
    long nth,
    boolean sticky,
    Fault fault,
    long from,
    long to) {
  /** Refuses a fault that cannot happen to such a call. */
  public FaultRule {
    Objects.requireNonNull(names);
    if (nth < 1) {
      throw new IllegalArgumentException("counting starts at 1: " + nth);
    }
    if (!fault.suits(kind)) {
      throw new IllegalArgumentException(fault + " cannot happen to " + kind);
    }
  }

  /** Wherever in a file a read is. */
  public FaultRule(
      OpKind kind, Predicate<String> names, long nth, boolean sticky, Fault fault) {
    this(kind, names, nth, sticky, fault, 0, Long.MAX_VALUE);
  }

  /** Every read of blocks that touches the byte at a position of a file. */
  public static FaultRule place(String name, long position, Fault fault) {
    return new FaultRule(
        OpKind.READ_BLOCK, name::equals, 1, true, fault, position, position + 1);
  }

  /** The {@code nth} call of a kind, whatever the file, once. */
  public static FaultRule once(OpKind kind, long nth, Fault fault) {
    return new FaultRule(kind, name -> true, nth, false, fault);
  }

  /** Every call of a kind from the {@code nth} on, whatever the file. */
  public static FaultRule from(OpKind kind, long nth, Fault fault) {
    return new FaultRule(kind, name -> true, nth, true, fault);
  }
}
