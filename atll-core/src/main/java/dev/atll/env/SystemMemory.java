package dev.atll.env;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine, or the container, has of memory, and what of it tables may take. */
final class SystemMemory {
  /** Code, threads, class data and buffers of a JVM, and room for pages that are being written. */
  private static final long OTHERS_BYTES_MIN = 112L << 20;

  private SystemMemory() {}

  /** Memory for what is not on the heap. */
  static long besidesHeap() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
      return Long.MAX_VALUE;
    }
    long total = system.getTotalMemorySize();
    return share(total, total < machineBytes(), Runtime.getRuntime().maxMemory());
  }

  /**
   * The share of tables: of a container, which has one purpose, all but the heap and an eighth; of a
   * machine, which others use too, half of what the heap leaves.
   */
  static long share(long total, boolean container, long heap) {
    long left = Math.max(0, total - heap);
    long others = Math.max(OTHERS_BYTES_MIN, total / 8);
    return container ? Math.max(left / 4, left - others) : left / 2;
  }

  /** Memory of the machine, 0 where nothing tells: then there is no container either. */
  private static long machineBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          String digits = line.replaceAll("[^0-9]", "");
          // The bean counts in pages; a page or two of difference is no container.
          return (Long.parseLong(digits) << 10) - (1 << 20);
        }
      }
    } catch (IOException | RuntimeException e) {
      return 0;
    }
    return 0;
  }
}
