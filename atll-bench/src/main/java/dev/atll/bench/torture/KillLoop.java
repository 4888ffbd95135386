package dev.atll.bench.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kills a loading process again and again, always on the same directory, and after each death, or
 * after a few, compares the store with what the process had said. Kills come while the process
 * starts, recovers, or loads. Used by one thread.
 */
final class KillLoop {
  private static final long READY_SECONDS_MAX = 120;

  /**
   * What a loop did.
   *
   * @param kills processes killed
   * @param early those killed before they said that the store was open
   * @param checks comparisons of the whole content
   * @param ackedWrites writes that had returned
   * @param inFlight writes that had not
   * @param nanos time taken
   */
  record Result(
      int kills, int early, int checks, long ackedWrites, long inFlight, long nanos) {}

  private final Path directory;
  private final Path errors;
  private final LoadPlan plan;
  private final int loadMillisMax;
  private final Findings findings;
  private final Consumer<String> progress;
  private final Oracle oracle;
  private final Attack attack;
  private int kills;
  private int early;
  private int checks;
  private long ackedWrites;
  private long inFlight;

  /**
   * Prepares a loop.
   *
   * @param directory of the store; nothing else may be in it
   * @param errors a file for what the killed processes say on standard error
   * @param loadMillisMax longest time between the opening of the store and the kill
   * @param attack what happens besides
   */
  KillLoop(
      Path directory,
      Path errors,
      LoadPlan plan,
      int loadMillisMax,
      Attack attack,
      Findings findings,
      Consumer<String> progress) {
    this.directory = directory;
    this.errors = errors;
    this.plan = plan;
    this.loadMillisMax = loadMillisMax;
    this.attack = attack;
    this.findings = findings;
    this.progress = progress;
    this.oracle = new Oracle(plan);
  }

  /**
   * Runs until so many processes were killed, the time is over, or something is wrong.
   *
   * @param nanosMax longest time
   */
  Result run(int killsMax, long nanosMax) throws IOException, InterruptedException {
    long began = System.nanoTime();
    SplittableRandom random = new SplittableRandom(plan.seed());
    boolean checked = true;
    for (int cycle = 0; cycle < killsMax && findings.isEmpty(); cycle++) {
      boolean last = cycle == killsMax - 1 || System.nanoTime() - began > nanosMax;
      // One kill in five comes at any moment of the start; the next process then has to recover
      // what the one before had begun to recover.
      kill(cycle, random.nextInt(5) == 0, random);
      checked = last || random.nextInt(4) != 0;
      if (checked && findings.isEmpty()) {
        check(cycle);
      }
      progress.accept(
          String.format(
              Locale.ROOT,
              "attack %d/%d  %d writes acknowledged, %d in flight%s",
              kills, killsMax, ackedWrites, inFlight, checked ? ", all checked" : ""));
      if (last) {
        break;
      }
    }
    return new Result(kills, early, checks, ackedWrites, inFlight, System.nanoTime() - began);
  }

  private void kill(int cycle, boolean atStart, SplittableRandom random)
      throws IOException, InterruptedException {
    oracle.begin(cycle);
    attack.prepare();
    Process process = start(cycle);
    Listener listener = new Listener(process.getInputStream());
    Thread listening = Thread.ofPlatform().daemon().start(listener);
    boolean ready;
    if (atStart) {
      listener.heard.await(random.nextInt(900), TimeUnit.MILLISECONDS);
      ready = listener.ready;
    } else {
      listener.heard.await(READY_SECONDS_MAX, TimeUnit.SECONDS);
      ready = listener.ready;
      Thread.sleep(20 + random.nextInt(loadMillisMax));
    }
    attack.strike(process);
    process.waitFor(attack.waitMillis(), TimeUnit.MILLISECONDS);
    // Where it may end by itself, also while it starts: what is left is judged by the checks.
    boolean alive = process.isAlive() || attack.mayEnd();
    // By its handle: Process.destroyForcibly would close the pipe, with words still in it.
    process.toHandle().destroyForcibly();
    int code = process.waitFor();
    listening.join();
    attack.recover();
    kills++;
    if (!ready) {
      early++;
    }
    if (!alive || (!ready && !atStart && !attack.mayEnd())) {
      findings.add(
          Findings.Kind.REFUSED,
          String.format(
              Locale.ROOT,
              "the process of cycle %d ended by itself with %d: %s",
              cycle, code, lastError()));
    }
    IOException broken = listener.failure;
    if (broken != null) {
      throw broken;
    }
    take(cycle, listener.messages);
  }

  private Process start(int cycle) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    // A short life: what the optimizing compiler would gain comes after the kill.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "-ea", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Load.class.getName());
    command.addAll(Load.arguments(directory, plan, cycle));
    return new ProcessBuilder(command).redirectError(Redirect.appendTo(errors.toFile())).start();
  }

  private String lastError() throws IOException {
    List<String> lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }

  /** Tells the oracle what a dead process had said. */
  private void take(int cycle, List<Message> messages) {
    int[] issued = new int[plan.threads()];
    int[] acked = new int[plan.threads()];
    for (Message message : messages) {
      switch (message.kind()) {
        case READY -> {}
        case ISSUED -> issued[message.thread()] = message.sequence();
        case ACKED -> {
          acked[message.thread()] = message.sequence();
          ackedWrites++;
          oracle.acked(
              plan.op(cycle, message.thread(), message.sequence()), message.revision(), findings);
        }
        case WRONG_READ ->
            findings.add(
                Findings.Kind.WRONG,
                String.format(
                    Locale.ROOT,
                    "cycle %d thread %d read cell %d after write %d, and not what it had written",
                    cycle, message.thread(), message.revision(), message.sequence()));
      }
    }
    for (int thread = 0; thread < issued.length; thread++) {
      if (issued[thread] > acked[thread]) {
        inFlight++;
        oracle.inFlight(plan.op(cycle, thread, issued[thread]));
      }
    }
  }

  private void check(int cycle) {
    checks++;
    try (AtllDb db = Atll.open(directory, plan.options(cycle))) {
      oracle.check(db, findings);
      db.verify();
    } catch (AtllException e) {
      findings.add(Findings.Kind.REFUSED, "after cycle " + cycle + ": " + e);
    }
  }

  /** Hears the process to the end, so that it never waits for a full pipe. */
  private static final class Listener implements Runnable {
    final List<Message> messages = new ArrayList<>();
    // That the store is open, or that there is nothing more to hear.
    final CountDownLatch heard = new CountDownLatch(1);
    volatile boolean ready;
    private final InputStream in;
    volatile @Nullable IOException failure;

    Listener(InputStream in) {
      this.in = in;
    }

    @Override
    public void run() {
      try {
        for (Message next = Message.receive(in); next != null; next = Message.receive(in)) {
          messages.add(next);
          if (next.kind() == Message.Kind.READY) {
            ready = true;
            heard.countDown();
          }
        }
      } catch (IOException e) {
        failure = e;
      } finally {
        heard.countDown();
      }
    }
  }
}
