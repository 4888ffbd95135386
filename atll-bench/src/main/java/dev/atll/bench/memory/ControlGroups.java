package dev.atll.bench.memory;

import dev.atll.bench.memory.MountTable.Mount;
import dev.atll.bench.report.Failures;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where control groups can be made here, of version 1 or 2. What had to be switched on for it is
 * switched off by {@link #close()}. Not thread-safe.
 */
final class ControlGroups implements AutoCloseable {
  private static final String PREFIX = "atll-compare-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})-[0-9]+");

  /** Of whose files a group is made. */
  enum Version {
    V1,
    V2
  }

  private final Version version;
  private final Path memory;
  private final @Nullable Path io;
  private final List<String> switchedOn = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();

  private ControlGroups(Version version, Path memory, @Nullable Path io) {
    this.version = version;
    this.memory = memory;
    this.io = io;
  }

  /**
   * Finds a place for groups, and removes what dead processes of this command left there.
   *
   * @param proc {@code /proc}
   * @throws MemoryLimitException if there is none
   */
  static ControlGroups find(Path proc) {
    ControlGroups groups;
    try {
      MountTable mounts = MountTable.read(proc);
      List<String> own = Files.readAllLines(proc.resolve("self/cgroup"));
      Optional<Mount> v1 = mounts.ofType("cgroup", "memory");
      Optional<Mount> v2 = mounts.ofType("cgroup2", "");
      if (v1.isPresent()) {
        groups =
            new ControlGroups(
                Version.V1,
                place(v1.get(), own, "memory"),
                mounts
                    .ofType("cgroup", "blkio")
                    .map(mount -> place(mount, own, "blkio"))
                    .orElse(null));
      } else if (v2.isPresent()) {
        groups = unified(v2.get(), own);
      } else {
        throw new MemoryLimitException("no memory controller of control groups is mounted");
      }
    } catch (IOException e) {
      throw new MemoryLimitException("no control groups: " + Failures.describe(e), e);
    }
    groups.sweep();
    return groups;
  }

  /** The group of the own process, as a directory; the top of the mount if it is not seen. */
  private static Path place(Mount mount, List<String> own, String controller) {
    for (String line : own) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
        String path = parts[2];
        String root = mount.root().equals("/") ? "" : mount.root();
        if (path.startsWith(root + "/")) {
          Path there = mount.point().resolve(path.substring(root.length() + 1)).normalize();
          return Files.isDirectory(there) ? there : mount.point();
        }
      }
    }
    return mount.point();
  }

  /**
   * In version 2 a group that has processes cannot hand its controllers on, so the new ones go
   * beside the own group or beside one above it.
   */
  private static ControlGroups unified(Mount mount, List<String> own) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (Path at = place(mount, own, "");
        at != null && at.startsWith(mount.point());
        at = at.getParent()) {
      if (!words(at.resolve("cgroup.controllers")).contains("memory")) {
        refusals.add(at + " has no memory controller");
        continue;
      }
      ControlGroups groups = new ControlGroups(Version.V2, at, at);
      try {
        groups.switchOn("memory");
      } catch (IOException e) {
        refusals.add(at + " cannot hand its memory controller on: " + Failures.describe(e));
        continue;
      }
      try {
        groups.switchOn("io");
      } catch (IOException _) {
        // Then /proc/PID/io counts, which the report tells.
        return groups;
      }
      return groups;
    }
    throw new MemoryLimitException(
        refusals.isEmpty() ? "the own control group is not seen here" : refusals.getLast());
  }

  private void switchOn(String controller) throws IOException {
    Path control = memory.resolve("cgroup.subtree_control");
    if (words(control).contains(controller)) {
      return;
    }
    Files.writeString(control, "+" + controller);
    switchedOn.add(controller);
  }

  private static List<String> words(Path file) {
    return IoUse.lines(file).stream()
        .flatMap(line -> List.of(line.split(" ", -1)).stream())
        .toList();
  }

  Version version() {
    return version;
  }

  /**
   * Makes a group with a limit.
   *
   * @param limitBytes the most memory that its processes may have, page cache included
   * @throws MemoryLimitException if it cannot be made or does not take the limit
   */
  MemoryGroup make(long limitBytes) {
    String name =
        String.format(
            Locale.ROOT, "%s%d-%d", PREFIX, ProcessHandle.current().pid(), made.incrementAndGet());
    return MemoryGroup.make(
        version, memory.resolve(name), io == null ? null : io.resolve(name), limitBytes);
  }

  /** Takes away empty groups of this command whose process is no more. */
  private void sweep() {
    sweep(memory);
    if (io != null && !io.equals(memory)) {
      sweep(io);
    }
  }

  private static void sweep(Path parent) {
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path group : groups) {
        Matcher name = NAME.matcher(String.valueOf(group.getFileName()));
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          Files.deleteIfExists(group);
        }
      }
    } catch (IOException _) {
      // Somebody's process is still in it, or it is not ours: it stays.
      return;
    }
  }

  @Override
  public void close() {
    switchedOn.forEach(this::switchOff);
    switchedOn.clear();
  }

  private void switchOff(String controller) {
    try {
      Files.writeString(memory.resolve("cgroup.subtree_control"), "-" + controller);
    } catch (IOException _) {
      // Another group relies on it by now.
      return;
    }
  }
}
