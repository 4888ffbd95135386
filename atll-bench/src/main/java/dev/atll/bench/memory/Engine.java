package dev.atll.bench.memory;

import dev.atll.bench.experiment.StopSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An engine's process as the command sees it: started inside its control group, asked, and ended.
 * Closing it ends the process and removes the group, whatever state they are in. Not thread-safe.
 */
final class Engine implements AutoCloseable {
  private static final int KILLED = 128 + 9;
  private static final int LAST_WORDS = 12;
  private static final long POLL_MILLIS = 100;
  private static final long END_MILLIS = 5000;
  private static final String END = "end";

  /** How long an engine may take to end its turn, when the command is to end. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  // Enters the groups before the JVM starts, so that all its memory is counted there; Ctrl-C is for
  // the command, which ends the process in order.
  private static final String ENTER =
      """
      trap '' INT HUP
      while [ "$1" != -- ]; do echo $$ > "$1" || exit 70; shift; done
      shift
      exec "$@"
      """;

  private final String name;
  private final Cage cage;
  private final Process process;
  private final OutputStream in;
  private final Path errors;
  private final StopSignal stop;
  private final Duration patience;
  private final BlockingQueue<Map<String, Object>> answers = new LinkedBlockingQueue<>();
  private final Deque<String> said = new ArrayDeque<>();
  private boolean over;

  private Engine(
      String name,
      Cage cage,
      Process process,
      Path errors,
      StopSignal stop,
      Duration patience) {
    this.name = name;
    this.cage = cage;
    this.process = process;
    this.in = process.getOutputStream();
    this.errors = errors;
    this.stop = stop;
    this.patience = patience;
  }

  /**
   * Starts a process.
   *
   * @param name what messages call it
   * @param cage closed with the engine, and if it does not start
   * @param command what to run in the group
   * @param errors takes what it says on standard error
   * @param stop the wish to end
   * @param patience how long an answer may take after that
   */
  static Engine start(
      String name,
      Cage cage,
      List<String> command,
      Path errors,
      StopSignal stop,
      Duration patience)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", ENTER, "sh"));
    cage.entrances().forEach(entrance -> all.add(entrance.toString()));
    all.add("--");
    all.addAll(command);
    try {
      Process process =
          new ProcessBuilder(all).redirectError(Redirect.appendTo(errors.toFile())).start();
      Engine engine = new Engine(name, cage, process, errors, stop, patience);
      Thread.ofPlatform().daemon().name("atll-answers-" + name).start(engine::listen);
      return engine;
    } catch (IOException e) {
      cage.close();
      throw e;
    }
  }

  /**
   * The command line of an engine's JVM.
   *
   * @param temporary where libraries of native code are unpacked: a killed process leaves them there
   * @param options what the engine needs besides
   */
  static List<String> java(long heapBytes, Path temporary, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapBytes);
    command.add("-XX:+ExitOnOutOfMemoryError");
    // What the C library keeps of memory that was freed, some 30 MB of the JVM's compilers alone, is
    // lost to blocks otherwise. Every two seconds, in milliseconds.
    command.add("-XX:TrimNativeHeapInterval=2000");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(EngineProcess.class.getName());
    return command;
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  /**
   * Asks and waits for the answer. A wish to stop is handed on, and makes the wait a short one.
   *
   * @throws EngineFailure if the process ends, says that it failed, or does not stop when it should
   */
  Map<String, Object> ask(Map<String, Object> request) {
    send(request);
    boolean stopping = false;
    long until = 0;
    while (true) {
      @Nullable Map<String, Object> answer = poll();
      if (answer != null && answer.containsKey(END)) {
        throw ended(request);
      }
      if (answer != null) {
        if (answer.get(Wire.ERROR) instanceof String error) {
          throw new EngineFailure(name + ": " + error);
        }
        return answer;
      }
      if (stop.requested() && !stopping) {
        stopping = true;
        until = System.nanoTime() + patience.toNanos();
        send(Wire.request(Wire.STOP));
      }
      if (stopping && System.nanoTime() - until > 0) {
        throw new EngineFailure(name + ": did not stop in time");
      }
    }
  }

  private @Nullable Map<String, Object> poll() {
    try {
      return answers.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineFailure(name + ": interrupted");
    }
  }

  private void send(Map<String, Object> request) {
    try {
      in.write((Wire.line(request) + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException _) {
      // It has ended; the wait for its answer will find that, and why.
      over = true;
    }
  }

  private void listen() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Optional<Map<String, Object>> message = Wire.message(line);
        if (message.isPresent()) {
          answers.add(message.get());
        } else {
          remember(line);
        }
      }
    } catch (IOException e) {
      remember(String.valueOf(e.getMessage()));
    } finally {
      answers.add(Map.of(END, true));
    }
  }

  private synchronized void remember(String line) {
    said.add(line);
    if (said.size() > LAST_WORDS) {
      said.remove();
    }
  }

  private EngineFailure ended(Map<String, Object> request) {
    over = true;
    // Whoever asks again is told again.
    answers.add(Map.of(END, true));
    int code;
    try {
      code = process.waitFor(1, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      code = -1;
    }
    String reason =
        cage.killed() > 0
            ? "killed by the kernel, as it wanted more memory than the limit"
            : code == KILLED ? "killed" : "exit code " + code;
    return new EngineFailure(
        String.format(
            Locale.ROOT,
            "%s: its process ended at '%s': %s%s",
            name, request.get(Wire.DO), reason, lastWords()));
  }

  private synchronized String lastWords() {
    List<String> lines = new ArrayList<>(said);
    List<String> written = IoUse.lines(errors);
    lines.addAll(written.subList(Math.max(0, written.size() - LAST_WORDS), written.size()));
    return lines.isEmpty() ? "" : "; its last words: " + String.join(" | ", lines);
  }

  /** Lets the store be closed in order, then ends the process. */
  void quit() {
    ask(Wire.request("quit"));
    over = true;
  }

  @Override
  public void close() {
    try {
      if (!over || !process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    cage.close();
  }
}
