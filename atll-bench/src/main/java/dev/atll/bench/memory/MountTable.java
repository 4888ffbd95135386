package dev.atll.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as {@code /proc/self/mountinfo} tells it. */
final class MountTable {
  private static final int ROOT = 3;
  private static final int POINT = 4;
  private static final int DEVICE = 2;

  /**
   * One mount.
   *
   * @param device major and minor number, such as {@code 254:0}
   * @param root which directory of the file system is seen here
   * @param point where it is seen
   * @param type name of the file system
   * @param source what is mounted
   * @param options options of the file system
   */
  record Mount(
      String device, String root, Path point, String type, String source, List<String> options) {}

  private final List<Mount> mounts;

  private MountTable(List<Mount> mounts) {
    this.mounts = mounts;
  }

  /**
   * Reads the table.
   *
   * @param proc {@code /proc}
   */
  static MountTable read(Path proc) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(proc.resolve("self/mountinfo"))) {
      int dash = line.indexOf(" - ");
      String[] left = line.substring(0, Math.max(0, dash)).split(" ", -1);
      String[] right = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ", -1);
      if (left.length > POINT && right.length >= 3) {
        mounts.add(
            new Mount(
                left[DEVICE],
                unescape(left[ROOT]),
                Path.of(unescape(left[POINT])),
                right[0],
                unescape(right[1]),
                List.of(right[2].split(",", -1))));
      }
    }
    return new MountTable(mounts);
  }

  /** The last mount of a type that has an option; it hides an earlier one at the same place. */
  Optional<Mount> ofType(String type, String option) {
    return mounts.reversed().stream()
        .filter(m -> m.type().equals(type) && (option.isEmpty() || m.options().contains(option)))
        .findFirst();
  }

  /** The mount that a real, absolute path lies on. */
  Optional<Mount> holding(Path path) {
    Mount best = null;
    for (Mount mount : mounts) {
      if (path.startsWith(mount.point())
          && (best == null || mount.point().getNameCount() >= best.point().getNameCount())) {
        best = mount;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Blanks, tabs, line ends and backslashes stand there as three octal digits. */
  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length()) {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
