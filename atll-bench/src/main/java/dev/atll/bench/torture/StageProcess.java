package dev.atll.bench.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs one stage of the simulation harness in a process of its own, so that neither a dead JVM nor
 * one without memory ends the campaign. The harness is part of the engine's tests, where its classes
 * come from; the launcher puts them on the class path for this command.
 */
final class StageProcess {
  private static final String MAIN = "dev.atll.torture.StageMain";
  private static final int FINDING_LINES_MAX = 200;

  /**
   * What a stage did.
   *
   * @param counts by name
   * @param complete whether it did all there is to do
   * @param finding what it found, or empty
   */
  record Result(Map<String, Long> counts, boolean complete, String finding) {}

  private StageProcess() {}

  /** Whether the harness is on the class path. */
  static boolean isAvailable() {
    try {
      Class.forName(MAIN, false, StageProcess.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The command that runs a class of this class path in a small process. */
  static List<String> java(int heapMebibytes, String main) {
    return new ArrayList<>(
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:+UseSerialGC",
            "-Xmx" + heapMebibytes + "m",
            "-ea",
            "-cp",
            System.getProperty("java.class.path"),
            main));
  }

  static Result run(
      String stage,
      long seed,
      double seconds,
      int heapMebibytes,
      Path temporary,
      Consumer<Map<String, Long>> progress)
      throws IOException, InterruptedException {
    List<String> command = java(heapMebibytes, MAIN);
    command.add(1, "-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of(stage, Long.toString(seed), Double.toString(seconds)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Map<String, Long> counts = new LinkedHashMap<>();
    boolean complete = false;
    List<String> finding = new ArrayList<>();
    boolean found = false;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        int tab = line.indexOf('\t');
        if (found) {
          if (finding.size() < FINDING_LINES_MAX) {
            finding.add(line);
          }
        } else if (line.startsWith("count ") && tab > 0) {
          counts.put(line.substring(6, tab), Long.parseLong(line.substring(tab + 1)));
          progress.accept(counts);
        } else if (line.equals("complete")) {
          complete = true;
        } else if (line.equals("finding")) {
          found = true;
        } else {
          finding.add(line); // the JVM itself says why it ends
        }
      }
    } finally {
      process.destroyForcibly();
    }
    int code = process.waitFor();
    if (code != 0) {
      finding.addFirst(
          String.format(Locale.ROOT, "stage %s, seed %d, ended with %d", stage, seed, code));
    } else {
      finding.clear();
    }
    return new Result(counts, complete, String.join(System.lineSeparator(), finding));
  }
}
