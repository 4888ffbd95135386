package dev.atll.bench.memory;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.experiment.Session;
import dev.atll.bench.experiment.StopSignal;
import dev.atll.bench.report.EnvironmentFacts;
import dev.atll.bench.report.Failures;
import dev.atll.bench.store.Stores;
import dev.atll.bench.workload.Workloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The process of one engine: opens a store and has turns at workloads as standard input says. It
 * ends when told to, and at once when its input ends, as then nobody is there to be told anything.
 */
final class EngineProcess {
  private static final int GONE = 3;
  // Held here: a logger that nobody holds forgets its level.
  private static final Logger LOG = Logger.getLogger("dev.atll");

  private final PrintStream out;
  private final BlockingQueue<Map<String, Object>> requests = new LinkedBlockingQueue<>();
  private final StopSignal stop = StopSignal.manual();
  private @Nullable Session session;
  private @Nullable FutureTask<Void> merge;

  private EngineProcess(PrintStream out) {
    this.out = out;
  }

  /** Without arguments: everything is told over standard input. */
  public static void main(String[] args) throws InterruptedException {
    LOG.setLevel(Level.WARNING);
    EngineProcess process = new EngineProcess(System.out);
    // Whatever else the process says is no part of the protocol.
    System.setOut(System.err);
    Thread.ofPlatform().daemon().name("atll-requests").start(process::listen);
    process.serve();
    System.exit(0);
  }

  private void listen() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Optional<Map<String, Object>> request = Wire.message(line);
        if (request.isPresent() && Wire.STOP.equals(request.get().get(Wire.DO))) {
          stop.request();
        } else {
          request.ifPresent(requests::add);
        }
      }
    } catch (IOException _) {
      // The same as its end.
      Runtime.getRuntime().halt(GONE);
    }
    Runtime.getRuntime().halt(GONE);
  }

  private void serve() throws InterruptedException {
    while (true) {
      Map<String, Object> request = requests.take();
      Map<String, Object> answer = new LinkedHashMap<>();
      String what = String.valueOf(request.get(Wire.DO));
      try {
        carryOut(what, request, answer);
      } catch (IOException | RuntimeException e) {
        answer.clear();
        answer.put(Wire.ERROR, Failures.describe(e));
      }
      out.println(Wire.line(answer));
      out.flush();
      if (what.equals("quit")) {
        return;
      }
    }
  }

  private void carryOut(String what, Map<String, Object> request, Map<String, Object> answer)
      throws IOException {
    switch (what) {
      case "open" -> open(request, answer);
      case "begin" -> session().begin(Workloads.named(Wire.text(request, "workload")));
      case "turn" -> {
        Session.Turn turn =
            session()
                .turn(
                    Wire.number(request, "ops"),
                    Wire.number(request, "nanos"),
                    Wire.flag(request, "settles"),
                    Wire.flag(request, "counts"));
        answer.put("ops", turn.ops());
        answer.put("entries", turn.entries());
        answer.put("user_bytes_written", turn.userBytesWritten());
        answer.put("settle_seconds", turn.settleSeconds());
      }
      case "flush" -> session().flush();
      case "merge" -> {
        Session open = session();
        merge = new FutureTask<>(open::compact, null);
        Thread.ofPlatform().daemon().name("atll-merge").start(merge);
      }
      case "merging" -> answer.put("merging", isMerging());
      case "result" -> {
        answer.put("rates", session().rates());
        answer.put("settled_rates", session().settledRates());
        answer.put("latencies", session().latencies());
        answer.put("answers", session().answers());
        answer.put("disk_bytes", session().diskBytes());
      }
      case "quit" -> {
        Session open = session;
        if (open != null) {
          session = null;
          open.close();
        }
      }
      default -> throw new IllegalArgumentException("no request '" + what + "'");
    }
  }

  private void open(Map<String, Object> request, Map<String, Object> answer) throws IOException {
    String engine = Wire.text(request, "engine");
    Path directory = Path.of(Wire.text(request, "directory"));
    Map<String, String> settings = new LinkedHashMap<>();
    if (request.get("settings") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
    }
    ComparisonPlan plan =
        new ComparisonPlan(
            List.of(engine),
            engine,
            List.of(Workloads.named("load-random")),
            Wire.number(request, "keys"),
            (int) Wire.number(request, "value_bytes"),
            (int) Wire.number(request, "threads"),
            1,
            0,
            Duration.ZERO,
            Duration.ofSeconds(Wire.number(request, "settle_seconds")),
            Wire.number(request, "seed"),
            Map.of());
    touchDisk(directory);
    long began = System.nanoTime();
    session = new Session(Stores.open(engine, directory, settings), plan, stop);
    answer.put("open_seconds", (System.nanoTime() - began) / 1e9);
    answer.put("environment", EnvironmentFacts.collect());
  }

  /** Reads a block past the page cache, so that the kernel has something to count by now. */
  private static void touchDisk(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    Path file = Files.createTempFile(parent == null ? directory : parent, "probe", ".tmp");
    try {
      int block = Math.clamp(Files.getFileStore(file).getBlockSize(), 4096, 1 << 20);
      Files.write(file, new byte[block]);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, direct())) {
        channel.read(ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block));
      }
    } catch (IOException | UnsupportedOperationException _) {
      // No direct reads here: then the process's own counters have to do.
      return;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** By its name, as javac warns of the class that has it. */
  private static OpenOption direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option instanceof OpenOption direct && option.toString().equals("DIRECT")) {
          return direct;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException(e);
    }
    throw new UnsupportedOperationException("no direct reads");
  }

  /** Whether the merge that was asked for goes on; fails if it failed. */
  private boolean isMerging() throws IOException {
    FutureTask<Void> asked = merge;
    if (asked == null || !asked.isDone()) {
      return asked != null;
    }
    try {
      asked.get();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("the merge failed: " + Failures.describe(e), e);
    }
  }

  private Session session() {
    Session open = session;
    if (open == null) {
      throw new IllegalStateException("no store is open");
    }
    return open;
  }
}
