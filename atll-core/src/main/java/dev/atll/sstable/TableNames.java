package dev.atll.sstable;

import java.util.Locale;

/** File names of tables: twelve digits and {@code .sst}. */
public final class TableNames {
  private static final String SUFFIX = ".sst";

  private TableNames() {}

  /** Name of the table file with a number. */
  public static String fileName(long number) {
    return String.format(Locale.ROOT, "%012d%s", number, SUFFIX);
  }

  /** Number of a table file by its name, or -1 if it is not one. */
  public static long fileNumber(String name) {
    if (!name.endsWith(SUFFIX)) {
      return -1;
    }
    long number;
    try {
      number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      return -1;
    }
    // One name per number: a sign, missing zeros or other digits make it somebody else's file.
    return number > 0 && name.equals(fileName(number)) ? number : -1;
  }
}
