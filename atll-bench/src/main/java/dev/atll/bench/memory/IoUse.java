package dev.atll.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Bytes that went to and from the disk, as the kernel counts them.
 *
 * @param read bytes read from the device, read-ahead included
 * @param written bytes written to the device, or made dirty where only that is counted
 */
record IoUse(long read, long written) {
  /** Where the kernel's figures come from. */
  enum Source {
    /** {@code io.stat} of a group of version 2. */
    IO_STAT("io.stat of the group"),
    /** {@code blkio.throttle.io_service_bytes} of a group of version 1. */
    BLKIO("blkio of the group"),
    /** {@code /proc/PID/io} of the process. */
    PROCESS("/proc/PID/io");

    private final String text;

    Source(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** What came on top of an earlier reading. */
  IoUse since(IoUse earlier) {
    return new IoUse(read - earlier.read, written - earlier.written);
  }

  IoUse plus(IoUse other) {
    return new IoUse(read + other.read, written + other.written);
  }

  /** The line of a device in {@code io.stat}; empty if it has none. */
  static Optional<IoUse> ofIoStat(List<String> lines, String device) {
    for (String line : lines) {
      String[] words = line.strip().split(" +", -1);
      if (words[0].equals(device)) {
        return Optional.of(new IoUse(valueOf(words, "rbytes="), valueOf(words, "wbytes=")));
      }
    }
    return Optional.empty();
  }

  /** The lines of a device in {@code blkio.throttle.io_service_bytes}; empty if it has none. */
  static Optional<IoUse> ofBlkio(List<String> lines, String device) {
    boolean found = false;
    long read = 0;
    long written = 0;
    for (String line : lines) {
      String[] words = line.strip().split(" +", -1);
      if (words.length == 3 && words[0].equals(device)) {
        found = true;
        if (words[1].equals("Read")) {
          read = parse(words[2]);
        } else if (words[1].equals("Write")) {
          written = parse(words[2]);
        }
      }
    }
    return found ? Optional.of(new IoUse(read, written)) : Optional.empty();
  }

  /**
   * The figures of {@code /proc/PID/io}. A page counts as written when it becomes dirty, and not
   * again until it was written; one that is given up before, with its file, is taken off.
   */
  static Optional<IoUse> ofProcess(List<String> lines) {
    boolean found = false;
    long read = 0;
    long written = 0;
    for (String line : lines) {
      int colon = line.indexOf(": ");
      if (colon < 0) {
        continue;
      }
      long value = parse(line.substring(colon + 2).strip());
      switch (line.substring(0, colon)) {
        case "read_bytes" -> {
          read = value;
          found = true;
        }
        case "write_bytes" -> written += value;
        case "cancelled_write_bytes" -> written -= value;
        default -> {}
      }
    }
    return found ? Optional.of(new IoUse(read, written)) : Optional.empty();
  }

  /** A file that holds one number; empty if it is absent, unreadable, or holds something else. */
  static Optional<Long> number(Path file) {
    try {
      return Optional.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** The lines of a file; none if it cannot be read. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of();
    }
  }

  private static long valueOf(String[] words, String prefix) {
    for (String word : words) {
      if (word.startsWith(prefix)) {
        return parse(word.substring(prefix.length()));
      }
    }
    return 0;
  }

  private static long parse(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
