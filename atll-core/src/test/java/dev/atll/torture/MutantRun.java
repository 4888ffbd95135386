package dev.atll.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hunts one planted bug, in processes that have its class before all others.
 *
 * @param classes with the bug; files of the processes go there, too
 * @param classPath of the processes
 * @param module the directory in which tests run
 * @param seconds for each process
 */
record MutantRun(Path classes, String classPath, Path module, int seconds) {
  private static final int LOG_LINES_MAX = 12;
  private static final String FAILURE = "failed: ";
  private static final String FINDING = "finding";
  private static final int ENDLESS = -1;
  // A loaded machine starts a JVM slowly; a stage that was found out still has to say so.
  private static final int SECONDS_MORE = 120;
  // A JVM in which all threads wait uses a few thousandths of a processor.
  private static final int STILL_SECONDS = 20;
  private static final double STILL_SHARE = 0.01;
  private static final long WALL_SECONDS_MAX = 1800;

  /**
   * Runs tests until the first one fails.
   *
   * @param log is told what happened if none did
   * @return what noticed, or empty
   */
  String tests(List<String> names, StringBuilder log) throws IOException, InterruptedException {
    List<String> command = java(512);
    command.add("--sun-misc-unsafe-memory-access=deny");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Datll.basedir=" + module);
    command.add("-Datll.rootdir=" + module.resolve("..").normalize());
    command.add("-Djqwik.database=" + classes.resolve("jqwik-database"));
    command.addAll(List.of("-cp", classPath, "TestsMain"));
    command.addAll(names);
    Path said = classes.resolve("tests.log");
    int code = run(command, said, seconds);
    if (code == 1) {
      // A process that ends so without such a line has found nothing: a class is missing, say.
      try (Stream<String> lines = Files.lines(said)) {
        Optional<String> failed = lines.filter(line -> line.startsWith(FAILURE)).findFirst();
        if (failed.isPresent()) {
          return failed.get().substring(FAILURE.length());
        }
      }
    }
    if (code == ENDLESS) {
      return names.getFirst() + ", which does not end";
    }
    tell(said, code, log);
    return "";
  }

  /** Runs a stage; parameters and answer as for {@link #tests}. */
  String stage(String stage, StringBuilder log) throws IOException, InterruptedException {
    List<String> command = java(256);
    command.add("-DshrinkSeconds=0");
    command.addAll(List.of("-cp", classPath, StageMain.class.getName()));
    command.addAll(List.of(stage, "1", Integer.toString(seconds)));
    Path said = classes.resolve(stage + ".log");
    int code = run(command, said, seconds + SECONDS_MORE);
    if (code == ENDLESS) {
      return stage;
    }
    if (code == 1 || code == 3) {
      try (Stream<String> lines = Files.lines(said)) {
        if (lines.anyMatch(FINDING::equals)) {
          return stage;
        }
      }
    }
    tell(said, code, log);
    return "";
  }

  private List<String> java(int heapMebibytes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    // What the engine would notice itself, with assertions on, does not count as found.
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx" + heapMebibytes + "m",
            "-da:dev.atll..."));
    // What a killed process leaves behind goes with the rest.
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(classes.resolve("tmp")));
    return command;
  }

  /**
   * Runs a process to its end. One that goes on for longer than it should does not end if it works
   * that long, or does nothing any more; on a busy machine it may just have had no turn, and must not
   * count as one that found something.
   */
  private int run(List<String> command, Path said, int secondsMax)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(module.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    long began = System.nanoTime();
    long lookedAt = began;
    double workedBefore = 0;
    try {
      while (!process.waitFor(1, TimeUnit.SECONDS)) {
        long now = System.nanoTime();
        if (now - lookedAt < STILL_SECONDS * 1_000_000_000L) {
          continue;
        }
        double worked = workSeconds(process);
        boolean still = Math.abs(worked - workedBefore) < STILL_SECONDS * STILL_SHARE;
        boolean late = now - began > secondsMax * 1_000_000_000L;
        if ((late && still)
            || worked > secondsMax
            || now - began > WALL_SECONDS_MAX * 1_000_000_000L) {
          return ENDLESS;
        }
        lookedAt = now;
        workedBefore = worked;
      }
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private static double workSeconds(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(p -> p.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3)
        .sum();
  }

  private static void tell(Path said, int code, StringBuilder log) throws IOException {
    log.append("  exit code ").append(code).append('\n');
    try (Stream<String> lines = Files.lines(said)) {
      lines
          .filter(line -> !line.startsWith("count "))
          .limit(LOG_LINES_MAX)
          .forEach(line -> log.append("  ").append(line).append('\n'));
    }
  }
}
