package dev.atll.record;

import java.util.Locale;
import java.util.function.IntFunction;

/** Hexadecimal dumps of whole files of records, a record at a time. */
public final class RecordDump {
  private static final int BYTES_A_LINE = 16;

  private RecordDump() {}

  /** Dumps a file; {@code names} says what a record type is called. */
  public static String dump(byte[] file, IntFunction<String> names) {
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < file.length; ) {
      int end = at + RecordFormat.HEADER_BYTES + RecordFormat.length(file, at);
      out.append("  record: ").append(names.apply(RecordFormat.type(file, at))).append('\n');
      lines(out, file, at, at + RecordFormat.HEADER_BYTES);
      lines(out, file, at + RecordFormat.HEADER_BYTES, end);
      at = end;
    }
    return out.toString();
  }

  private static void lines(StringBuilder out, byte[] bytes, int from, int to) {
    for (int line = from; line < to; line += BYTES_A_LINE) {
      StringBuilder hex = new StringBuilder();
      StringBuilder text = new StringBuilder();
      for (int i = line; i < Math.min(line + BYTES_A_LINE, to); i++) {
        hex.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
        text.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
      }
      out.append(String.format(Locale.ROOT, "%08x %-48s %s%n", line, hex, text));
    }
  }
}
