package dev.atll.env;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A second JVM with the class path of the tests, spoken to through its input and output. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a main class.
   *
   * @param shellPrefix commands of a shell to run first, such as {@code "ulimit -f 100;"}, or ""
   */
  static ChildProcess start(String shellPrefix, Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", shellPrefix + " exec \"$@\"", "sh"));
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    return new ChildProcess(builder.start());
  }

  /** The next line it says, or null at the end. */
  @Nullable String say() throws IOException {
    return output.readLine();
  }

  /** All it says until it ends. */
  List<String> rest() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>(output.readAllLines());
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the child does not end");
    }
    return lines;
  }

  int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    output.close();
  }
}
