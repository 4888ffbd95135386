package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.memory.ControlGroups.Version;
import dev.atll.bench.memory.IoUse.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On directories that look like the kernel's. */
@Timeout(60)
class ControlGroupsTest {
  private static final String MEMORY = "34 30 0:31 / ROOT/memory rw - cgroup cgroup rw,memory";
  private static final String BLKIO = "37 30 0:34 / ROOT/blkio rw - cgroup cgroup rw,blkio";
  private static final String UNIFIED = "40 30 0:37 / ROOT/unified rw - cgroup2 cgroup2 rw";
  private static final String DEVICE = "254:0";

  @TempDir private Path dir;
  private FakeSystem system;

  @BeforeEach
  void prepare() throws IOException {
    system = new FakeSystem(dir);
  }

  private Path one(Path parent) throws IOException {
    try (var groups = Files.newDirectoryStream(parent, "atll-compare-*")) {
      return groups.iterator().next();
    }
  }

  @Test
  void version1LimitsInTheOwnGroupAndCountsReads() throws IOException {
    system.mounts(MEMORY, BLKIO);
    system.own("7:blkio:/", "4:memory:/jobs/7", "0::/");
    Path own = system.directory("memory/jobs/7");
    Path blkio = system.directory("blkio");
    system.file("proc/42/io", "read_bytes: 11\nwrite_bytes: 40\ncancelled_write_bytes: 10\n");
    try (ControlGroups groups = ControlGroups.find(system.proc)) {
      assertEquals(Version.V1, groups.version());
      MemoryGroup group = groups.make(900L << 20);
      Path memory = one(own);
      Path io = one(blkio);
      assertEquals(
          List.of(memory.resolve("cgroup.procs"), io.resolve("cgroup.procs")), group.entrances());
      assertEquals("943718400", Files.readString(memory.resolve("memory.limit_in_bytes")));
      assertFalse(Files.exists(memory.resolve("memory.memsw.limit_in_bytes")), "no such file here");

      Files.writeString(memory.resolve("memory.max_usage_in_bytes"), "12345\n");
      Files.writeString(memory.resolve("memory.oom_control"), "oom_kill_disable 0\noom_kill 2\n");
      assertEquals(12_345, group.peakBytes());
      assertEquals(2, group.killed());

      // Nothing is counted by the group yet: the process is asked.
      group.chooseSources(DEVICE);
      assertEquals(Source.PROCESS, group.readSource());
      assertEquals(new IoUse(11, 30), group.io(DEVICE, 42, system.proc));
      Files.writeString(
          io.resolve("blkio.throttle.io_service_bytes_recursive"),
          "254:0 Read 4096\n254:0 Write 8192\nTotal 12288\n");
      assertEquals(new IoUse(11, 30), group.io(DEVICE, 42, system.proc), "decided once");
      group.chooseSources(DEVICE);
      assertEquals(Source.BLKIO, group.readSource());
      assertEquals(Source.PROCESS, group.writeSource());
      assertEquals(new IoUse(4096, 30), group.io(DEVICE, 42, system.proc));

      FakeSystem.emptyOut(memory);
      FakeSystem.emptyOut(io);
      group.close();
      assertFalse(Files.exists(memory));
      assertFalse(Files.exists(io));
      group.close();
    }
  }

  @Test
  void version2GoesBesideAGroupThatHasProcesses() throws IOException {
    system.mounts(UNIFIED);
    system.own("0::/user/session");
    Path parent = system.directory("unified/user");
    system.file("unified/cgroup.controllers", "cpu io memory pids\n");
    system.file("unified/user/cgroup.controllers", "cpu io memory\n");
    system.file("unified/user/cgroup.subtree_control", "memory");
    system.file("unified/user/session/cgroup.controllers", "memory\n");
    // The kernel refuses a group with processes to hand on its controllers: here a directory does.
    system.directory("unified/user/session/cgroup.subtree_control");
    try (ControlGroups groups = ControlGroups.find(system.proc)) {
      assertEquals(Version.V2, groups.version());
      assertEquals("+io", Files.readString(parent.resolve("cgroup.subtree_control")));
      MemoryGroup group = groups.make(300L << 20);
      Path made = one(parent);
      assertEquals(List.of(made.resolve("cgroup.procs")), group.entrances());
      assertEquals("314572800", Files.readString(made.resolve("memory.max")));
      Files.writeString(made.resolve("io.stat"), "254:0 rbytes=5 wbytes=6 rios=1 wios=1\n");
      Files.writeString(made.resolve("memory.peak"), "77\n");
      Files.writeString(made.resolve("memory.events"), "low 0\noom 1\noom_kill 1\n");
      group.chooseSources(DEVICE);
      assertEquals(Source.IO_STAT, group.readSource());
      assertEquals(Source.IO_STAT, group.writeSource());
      assertEquals(new IoUse(5, 6), group.io(DEVICE, 1, system.proc));
      assertEquals(77, group.peakBytes());
      assertEquals(1, group.killed());
      FakeSystem.emptyOut(made);
      group.close();
    }
    assertEquals(
        "-io", Files.readString(parent.resolve("cgroup.subtree_control")), "switched off again");
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertRefused("no memory controller");
    system.mounts(UNIFIED);
    system.own("0::/");
    system.file("unified/cgroup.controllers", "cpu pids\n");
    assertRefused("has no memory controller");
    system.file("unified/cgroup.controllers", "memory\n");
    system.directory("unified/cgroup.subtree_control");
    assertRefused("cannot hand its memory controller on");
    Files.delete(system.proc.resolve("self/cgroup"));
    assertRefused("no such file");
  }

  private void assertRefused(String reason) {
    MemoryLimitException failure =
        assertThrows(MemoryLimitException.class, () -> ControlGroups.find(system.proc).close());
    assertTrue(failure.getMessage().contains(reason), failure.getMessage());
  }

  @Test
  void aGroupThatCannotBeMadeIsAMatterOfRights() throws IOException {
    system.mounts(MEMORY);
    // The place is no directory: nobody can make one below it.
    system.file("memory", "");
    system.own("4:memory:/");
    try (ControlGroups groups = ControlGroups.find(system.proc)) {
      MemoryLimitException failure =
          assertThrows(MemoryLimitException.class, () -> groups.make(100L << 20));
      String text = failure.getMessage();
      assertTrue(text.startsWith("no control group can be made"), text);
    }
  }

  @Test
  void groupsThatDeadProcessesLeftAreRemoved() throws IOException {
    system.mounts(MEMORY);
    system.own("4:memory:/");
    Path dead = system.directory("memory/atll-compare-999999999999-1");
    Path alive = system.directory("memory/atll-compare-" + ProcessHandle.current().pid() + "-9");
    Path foreign = system.directory("memory/atll-compare-mine");
    ControlGroups.find(system.proc).close();
    assertFalse(Files.exists(dead));
    assertTrue(Files.exists(alive));
    assertTrue(Files.exists(foreign));
  }

  @Test
  void aGroupIsFoundThroughAMountThatShowsAPartOnly() throws IOException {
    system.mounts("34 30 0:31 /docker/x ROOT/memory rw - cgroup cgroup rw,memory");
    Path own = system.directory("memory/inner");
    system.own("4:memory:/docker/x/inner");
    try (ControlGroups groups = ControlGroups.find(system.proc)) {
      MemoryGroup group = groups.make(100L << 20);
      Path made = one(own);
      FakeSystem.emptyOut(made);
      group.close();
    }
    system.own("4:memory:/elsewhere");
    try (ControlGroups groups = ControlGroups.find(system.proc)) {
      MemoryGroup group = groups.make(100L << 20);
      FakeSystem.emptyOut(one(system.root.resolve("memory")));
      group.close();
    }
  }
}
