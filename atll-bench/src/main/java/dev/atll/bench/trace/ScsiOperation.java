package dev.atll.bench.trace;

import java.util.Locale;

/**
 * What an operation of a block device does with its data. Operations are written as SCSI operation
 * codes in hexadecimal (SBC-4 and SPC-5), with or without {@code 0x}, or as the words READ and
 * WRITE.
 */
enum ScsiOperation {
  /** Reads the blocks that its row names. */
  READ,
  /** Writes the blocks that its row names. */
  WRITE,
  /** Is a SCSI command, and neither a read nor a write of the blocks named. */
  OTHER;

  private static final int CODE_MAX = 0xff;

  /**
   * Reads a cell of the operation column.
   *
   * @throws IllegalArgumentException if it is neither a code of 00 to ff nor a word
   */
  static ScsiOperation parse(String cell) {
    String text = cell.toLowerCase(Locale.ROOT);
    return switch (text) {
      case "read", "r" -> READ;
      case "write", "w" -> WRITE;
      default -> ofCode(code(text));
    };
  }

  /** The spelling that counts of skipped rows use: two lower-case digits. */
  static String label(String cell) {
    return String.format(Locale.ROOT, "%02x", code(cell.toLowerCase(Locale.ROOT)));
  }

  private static ScsiOperation ofCode(int code) {
    return switch (code) {
      // READ of 6, 10, 12 and 16 bytes; disks beyond 2 TiB need those of 16.
      case 0x08, 0x28, 0xa8, 0x88 -> READ;
      // WRITE of 6, 10, 12 and 16 bytes; WRITE AND VERIFY of 10, 12 and 16; WRITE ATOMIC.
      case 0x0a, 0x2a, 0xaa, 0x8a, 0x2e, 0xae, 0x8e, 0x9c -> WRITE;
      default -> OTHER;
    };
  }

  private static int code(String text) {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    try {
      int code = digits.length() > 2 ? -1 : Integer.parseUnsignedInt(digits, 16);
      if (code >= 0 && code <= CODE_MAX) {
        return code;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new IllegalArgumentException(
        "operation '" + text + "' is no SCSI code of two hexadecimal digits, READ or WRITE");
  }
}
