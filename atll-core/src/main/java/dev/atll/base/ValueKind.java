package dev.atll.base;

/**
 * What an entry says about its key. The byte is part of every file format; numbers that are not
 * listed here are refused by readers as written by a newer version.
 */
public final class ValueKind {
  /** The key has no value from this revision on. */
  public static final int DELETE = 0;

  /** The key has this value from this revision on. */
  public static final int PUT = 1;

  /** Reserved: a value that expires; an eight-byte deadline precedes the value. */
  public static final int PUT_UNTIL = 2;

  /** Reserved: an operand of a merge function. */
  public static final int MERGE = 3;

  /** The highest number this version writes. */
  public static final int HIGHEST_KNOWN = PUT;

  private ValueKind() {}
}
