package dev.atll.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs Lincheck in a process of its own: it rewrites classes as they are loaded and needs
 * the Unsafe of the JDK, which the tests of the engine are denied. Its scenarios come from a fixed
 * seed.
 */
public final class Lincheck {
  /** The verdict on a structure of which every run was explained. */
  public static final String EXPLAINED = "every run explained";

  private Lincheck() {}

  /**
   * The verdict on one structure.
   *
   * @param structure public, with a constructor without arguments and {@code @Operation} methods
   * @param program has the same methods and constructor; need not stand several threads
   * @return all that the process said: the name of the structure and {@link #EXPLAINED}, or the run
   *     that no order of its calls explains
   */
  public static String verdict(Class<?> structure, Class<?> program)
      throws IOException, InterruptedException {
    return verdict(structure, program, 3, 50);
  }

  /**
   * The verdict on one structure.
   *
   * @param callsEach how many calls each of the two threads makes: with fewer, more of their
   *     interleavings are tried
   * @param interleavings how many are tried of each scenario
   */
  public static String verdict(
      Class<?> structure, Class<?> program, int callsEach, int interleavings)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:+EnableDynamicAgentLoading",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "-Xshare:off",
                    "-ea",
                    // It leaves jars there.
                    "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LincheckMain.class.getName(),
                    structure.getName(),
                    program.getName(),
                    Integer.toString(callsEach),
                    Integer.toString(interleavings)))
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said : "ended with " + process.exitValue() + ": " + said;
    } finally {
      process.destroyForcibly();
    }
  }
}
