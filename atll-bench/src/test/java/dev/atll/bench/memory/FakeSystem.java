package dev.atll.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Directories that look like {@code /proc} and {@code /sys}, as far as they are read here. */
final class FakeSystem {
  final Path root;
  final Path proc;
  final Path sys;

  FakeSystem(Path root) throws IOException {
    this.root = root.toRealPath();
    this.proc = Files.createDirectories(this.root.resolve("proc"));
    this.sys = Files.createDirectories(this.root.resolve("sys"));
    Files.createDirectories(proc.resolve("self"));
    own();
    mounts();
  }

  /** A directory, with those above it. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  /** A file, with the directories above it. */
  Path file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** The lines of {@code /proc/self/mountinfo}; {@code ROOT} is the directory of all this. */
  void mounts(String... lines) throws IOException {
    List<String> real =
        List.of(lines).stream().map(l -> l.replace("ROOT", root.toString())).toList();
    Files.write(proc.resolve("self/mountinfo"), real);
  }

  /** The lines of {@code /proc/self/cgroup}. */
  void own(String... lines) throws IOException {
    Files.write(proc.resolve("self/cgroup"), List.of(lines));
  }

  /** Removes a group as the kernel does: with the files that it makes in every group. */
  static void emptyOut(Path group) throws IOException {
    try (var files = Files.newDirectoryStream(group)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
