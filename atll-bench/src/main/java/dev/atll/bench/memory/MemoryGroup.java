package dev.atll.bench.memory;

import dev.atll.bench.memory.ControlGroups.Version;
import dev.atll.bench.memory.IoUse.Source;
import dev.atll.bench.report.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A control group with a limit of memory. Closing it kills what is still in it and removes it. Not
 * thread-safe.
 */
final class MemoryGroup implements Cage {
  private static final int REMOVE_TRIES = 250;
  private static final long REMOVE_WAIT_MILLIS = 20;

  private final Version version;
  private final Path memory;
  private final @Nullable Path io;
  private boolean counts;

  private MemoryGroup(Version version, Path memory, @Nullable Path io) {
    this.version = version;
    this.memory = memory;
    this.io = io;
  }

  /**
   * Makes one.
   *
   * @param memory the directory to make, which limits memory
   * @param io the directory to make, or the same, to count bytes read and written; null for none
   */
  static MemoryGroup make(Version version, Path memory, @Nullable Path io, long limitBytes) {
    try {
      Files.createDirectory(memory);
    } catch (IOException e) {
      throw new MemoryLimitException(
          "no control group can be made (root can): " + Failures.describe(e), e);
    }
    @Nullable Path counting = io;
    if (io != null && !io.equals(memory)) {
      try {
        Files.createDirectory(io);
      } catch (IOException _) {
        // Then /proc/PID/io counts, which the report tells.
        counting = null;
      }
    }
    MemoryGroup group = new MemoryGroup(version, memory, counting);
    try {
      group.limit(limitBytes);
      return group;
    } catch (IOException e) {
      group.close();
      throw new MemoryLimitException(
          "the control group takes no limit of memory: " + Failures.describe(e), e);
    }
  }

  private void limit(long bytes) throws IOException {
    String limit = Long.toString(bytes);
    switch (version) {
      case V1 -> {
        Files.writeString(memory.resolve("memory.limit_in_bytes"), limit);
        // With swap the limit would be none. A kernel that does not count swap has no such file.
        writeIfPresent("memory.memsw.limit_in_bytes", limit);
      }
      case V2 -> {
        Files.writeString(memory.resolve("memory.max"), limit);
        writeIfPresent("memory.swap.max", "0");
      }
    }
  }

  private void writeIfPresent(String name, String text) throws IOException {
    Path file = memory.resolve(name);
    if (Files.exists(file)) {
      Files.writeString(file, text);
    }
  }

  @Override
  public List<Path> entrances() {
    List<Path> entrances = new ArrayList<>(List.of(memory.resolve("cgroup.procs")));
    if (io != null && !io.equals(memory)) {
      entrances.add(io.resolve("cgroup.procs"));
    }
    return entrances;
  }

  /**
   * Decides where figures come from, once a process of the group has read from the device: a line
   * that appeared later would look like a jump. Version 1 counts no write through the page cache,
   * so that only its reads are taken; and some kernels count nothing there until a rule was set.
   */
  void chooseSources(String device) {
    counts = group(device).isPresent();
  }

  /**
   * Bytes read and written through a device so far.
   *
   * @param pid the one process of the group, asked where the group does not count
   */
  IoUse io(String device, long pid, Path proc) {
    IoUse process =
        IoUse.ofProcess(IoUse.lines(proc.resolve(Long.toString(pid)).resolve("io")))
            .orElseGet(() -> new IoUse(0, 0));
    if (!counts) {
      return process;
    }
    IoUse own = group(device).orElse(process);
    return new IoUse(own.read(), version == Version.V2 ? own.written() : process.written());
  }

  /** Where {@link #io} has its reads from. */
  Source readSource() {
    if (!counts) {
      return Source.PROCESS;
    }
    return version == Version.V2 ? Source.IO_STAT : Source.BLKIO;
  }

  /** Where {@link #io} has its writes from. */
  Source writeSource() {
    return version == Version.V2 ? readSource() : Source.PROCESS;
  }

  private Optional<IoUse> group(String device) {
    if (io == null) {
      return Optional.empty();
    }
    return switch (version) {
      case V1 ->
          IoUse.ofBlkio(
              IoUse.lines(io.resolve("blkio.throttle.io_service_bytes_recursive")), device);
      case V2 -> IoUse.ofIoStat(IoUse.lines(io.resolve("io.stat")), device);
    };
  }

  /**
   * Asks the kernel to give up the page cache of the group, so that what is read next comes from
   * the disk. Pages that were not written yet stay.
   *
   * @return whether the kernel took the wish; old ones do not
   */
  boolean dropCache() {
    try {
      switch (version) {
        case V1 -> Files.writeString(memory.resolve("memory.force_empty"), "0");
        case V2 ->
            Files.writeString(
                memory.resolve("memory.reclaim"),
                IoUse.number(memory.resolve("memory.current")).orElse(0L).toString());
      }
      return true;
    } catch (IOException _) {
      // Version 2 says so too when less than all could be given up.
      return version == Version.V2 && Files.exists(memory.resolve("memory.reclaim"));
    }
  }

  /** The most memory that it had at once, page cache included; -1 if the kernel does not tell. */
  long peakBytes() {
    String name = version == Version.V1 ? "memory.max_usage_in_bytes" : "memory.peak";
    return IoUse.number(memory.resolve(name)).orElse(-1L);
  }

  @Override
  public long killed() {
    String name = version == Version.V1 ? "memory.oom_control" : "memory.events";
    for (String line : IoUse.lines(memory.resolve(name))) {
      if (line.startsWith("oom_kill ")) {
        return Long.parseLong(line.substring("oom_kill ".length()).strip());
      }
    }
    return 0;
  }

  @Override
  public void close() {
    IoUse.lines(memory.resolve("cgroup.procs"))
        .forEach(
            pid ->
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
    remove(memory);
    if (io != null && !io.equals(memory)) {
      remove(io);
    }
  }

  /** The kernel lets go of a group a moment after its last process has ended. */
  private static void remove(Path directory) {
    IOException last = null;
    for (int i = 0; i < REMOVE_TRIES; i++) {
      try {
        Files.delete(directory);
        return;
      } catch (NoSuchFileException _) {
        return; // it is gone
      } catch (IOException e) {
        last = e;
      }
      try {
        Thread.sleep(REMOVE_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new IllegalStateException(
        String.format(Locale.ROOT, "control group %s stays: %s", directory, last), last);
  }
}
