package dev.atll.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores in processes that are odd: few descriptors, small heaps, all locales and wall clocks, and a
 * {@link ProcessMischief} while a crowd writes. Some end without closing. This process is the judge:
 * it knows what was acknowledged, and looks.
 */
final class ProcessStage implements Stage {
  private static final String[] LOCALES = {
    "en-US", "fa-IR", "ar-EG", "my-MM", "bn-BD", "mr-IN", "ne-NP", "tr-TR", "th-TH", "hi-IN"
  };
  private static final int[] DESCRIPTORS = {64, 200, 1024};
  private static final int LIVES = 2;
  private static final boolean MOUNTS = canMount();

  private static boolean canMount() {
    try {
      return new ProcessBuilder("unshare", "-m", "true").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * What a process said.
   *
   * @param expected counts that have to be there, null if it opened no store
   */
  private record Said(long @Nullable [] expected, List<String> lines) {}

  @Override
  public boolean run(Campaign campaign) {
    for (long seed = campaign.firstSeed; campaign.goesOn(); seed++) {
      check(seed, 400, campaign.figures);
    }
    return false;
  }

  /** Runs one store through a few processes, each for so many milliseconds. */
  void check(long seed, int millis, Figures figures) {
    SplittableRandom random = new SplittableRandom(seed);
    ProcessMischief[] all = ProcessMischief.values();
    ProcessMischief mischief = all[Math.floorMod(seed, all.length)];
    if (mischief.mounts() && !MOUNTS) {
      System.out.println("SKIPPED: " + mischief + " needs root and unshare");
      return;
    }
    try {
      Path base = Files.createTempDirectory("atll-process");
      try {
        run(base, random, millis, mischief);
        figures.concurrent++;
      } catch (RuntimeException | AssertionError e) {
        figures.wrong++;
        throw new AssertionError(
            "%s, seed %d (the timing is not in it); replay: mvn test -pl atll-core -am -Dtest=ProcessTest -Dseed=%d%n%s"
                .formatted(mischief, seed, seed, e),
            e);
      } finally {
        delete(base);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(
      Path base, SplittableRandom random, int millis, ProcessMischief mischief)
      throws IOException, InterruptedException {
    Path directory = base.resolve("store");
    long[] there = new long[1 << random.nextInt(5)];
    for (int life = 0; life < LIVES; life++) {
      // What cannot be written needs to be there; and the last process is the odd one.
      ProcessMischief now = life == LIVES - 1 ? mischief : ProcessMischief.NONE;
      Said said = hear(command(base, random, millis, now, there), directory, now);
      long[] expected = said.expected();
      if (expected == null) {
        if (now != ProcessMischief.READ_ONLY) {
          throw new AssertionError("the store does not open: " + said.lines());
        }
        expected = there;
      }
      try {
        there = look(place(directory, now), now == ProcessMischief.REMOVE ? null : expected, random);
        if (now == ProcessMischief.FORK) {
          look(moved(directory), expected, random);
        }
      } catch (AtllException | AssertionError e) {
        throw new AssertionError(e + "; the process said " + said.lines(), e);
      }
    }
  }

  /** Where a directory is after it was renamed or copied. */
  static Path moved(Path directory) {
    return directory.resolveSibling("moved");
  }

  private static Path place(Path directory, ProcessMischief mischief) {
    return mischief == ProcessMischief.RENAME ? moved(directory) : directory;
  }

  /** Opens a store with other options than its own, and looks; null for a store that was deleted. */
  private static long[] look(Path directory, long @Nullable [] expected, SplittableRandom random) {
    if (expected == null) {
      return new long[1];
    }
    try (AtllDb db = Atll.open(directory, OptionSet.any(random).options())) {
      return Crowd.verify(db, expected);
    }
  }

  private static List<String> command(
      Path base, SplittableRandom random, int millis, ProcessMischief mischief, long[] there)
      throws IOException {
    String locale = LOCALES[random.nextInt(LOCALES.length)];
    int descriptors = DESCRIPTORS[random.nextInt(DESCRIPTORS.length)];
    String start = "ulimit -n " + descriptors + " && exec \"$@\"";
    List<String> command = new ArrayList<>();
    Files.createDirectories(base.resolve("root"));
    Path store = base.resolve("store");
    if (mischief.mounts()) {
      // Without what is mounted below it. The loader of the JVM asks /proc where it is.
      String bare =
          "cd %1$s && mount --bind / root && mount --bind /dev root/dev && %2$s chroot root"
              + " env LD_LIBRARY_PATH=%3$s/lib \"$@\"";
      String readOnly = "mount --bind %1$s %1$s && mount -o remount,bind,ro %1$s && %2$s \"$@\"";
      start =
          (mischief == ProcessMischief.READ_ONLY ? readOnly : bare)
              .formatted(
                  mischief == ProcessMischief.READ_ONLY ? store : base,
                  "ulimit -n " + descriptors + " && exec",
                  System.getProperty("java.home"));
      command.addAll(List.of("unshare", "-m", "--propagation", "private"));
    }
    command.addAll(List.of("sh", "-c", start, "sh"));
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-ea"));
    command.add("-Xmx" + (48 + random.nextInt(100)) + "m");
    command.add("-Duser.language=" + locale.substring(0, 2));
    command.add("-Duser.country=" + locale.substring(3));
    command.addAll(List.of("-cp", classPath(), ProcessMain.class.getName()));
    command.addAll(
        List.of(
            store.toString(),
            Long.toString(random.nextLong()),
            Integer.toString(millis),
            mischief.name(),
            ProcessMain.text(there)));
    return command;
  }

  /** The engine and its tests: each jar of the class path would take one of the few descriptors. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(part -> Files.isDirectory(Path.of(part)) || part.matches(".*atll.*"))
        .filter(part -> !part.contains("-adapters"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Said hear(List<String> command, Path directory, ProcessMischief mischief)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    long[] expected = null;
    boolean taken = false;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (line.startsWith("before ")) {
          expected = ProcessMain.counts(line.substring(7));
          boolean unlocked =
              mischief == ProcessMischief.READ_LOCK || mischief == ProcessMischief.DELETE_LOCK;
          long[] found = unlocked ? takeOver(directory, expected) : null;
          if (found != null) {
            expected = found;
            taken = true;
          }
        } else if (line.startsWith("after ") && !taken) {
          expected = ProcessMain.counts(line.substring(6));
        }
      }
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        throw new AssertionError("the process does not end: " + lines);
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("exit code " + process.exitValue() + ": " + String.join("\n", lines));
    }
    return new Said(expected, lines);
  }

  /** Opens the store beside its owner; what was acknowledged before has to be there if that works. */
  private static long @Nullable [] takeOver(Path directory, long[] before) {
    try (AtllDb db = Atll.open(directory)) {
      return Crowd.verify(db, before);
    } catch (AtllException e) {
      return null; // refused, as it should be
    }
  }

  private static void delete(Path base) throws IOException {
    // Never what is below a place where the root was mounted.
    Files.deleteIfExists(base.resolve("root"));
    for (Path part : List.of(base.resolve("store"), base.resolve("moved"))) {
      if (Files.exists(part)) {
        try (Stream<Path> files = Files.list(part)) {
          for (Path file : files.toList()) {
            Files.deleteIfExists(file);
          }
        }
        Files.delete(part);
      }
    }
    Files.delete(base);
  }
}
