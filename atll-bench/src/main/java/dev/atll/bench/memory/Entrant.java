package dev.atll.bench.memory;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.store.DiskUsage;
import dev.atll.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An engine's process with the turns it has had at a workload, and what they took of the disk. */
final class Entrant implements AutoCloseable {
  /** An engine's process, and the group that it is in. */
  record Running(Engine engine, MemoryGroup group) {}

  /** Starts a process in a group of its own. */
  @FunctionalInterface
  interface Starter {
    Running start() throws IOException;
  }

  private final Starter starter;
  private final String device;
  private final Path proc;
  private final Map<String, Object> opening = Wire.request("open");
  private Engine engine;
  private MemoryGroup group;
  private IoUse io = new IoUse(0, 0);
  private long ops;
  private long entries;
  private long userBytesWritten;
  private double settleSeconds;
  private Map<String, Object> result = Map.of();

  /**
   * Starts its process.
   *
   * @param device by whose number bytes are counted
   */
  Entrant(Starter starter, String device, Path proc) throws IOException {
    this.starter = starter;
    this.device = device;
    this.proc = proc;
    Running running = starter.start();
    this.engine = running.engine();
    this.group = running.group();
  }

  String name() {
    return engine.name();
  }

  /**
   * Opens the store in the process.
   *
   * @return what the process says of its JVM and machine
   */
  Map<String, Object> open(Path directory, long keys, ComparisonPlan plan, Map<String, String> settings) {
    opening.put("engine", name());
    opening.put("directory", directory.toString());
    opening.put("keys", keys);
    opening.put("value_bytes", plan.valueBytes());
    opening.put("threads", plan.threads());
    opening.put("seed", plan.seed());
    opening.put("settle_seconds", plan.settleMax().toSeconds());
    opening.put("settings", settings);
    Map<String, Object> facts = new LinkedHashMap<>();
    if (openAgain().get("environment") instanceof Map<?, ?> environment) {
      environment.forEach((name, value) -> facts.put(String.valueOf(name), value));
    }
    return facts;
  }

  private Map<String, Object> openAgain() {
    Map<String, Object> answer = engine.ask(opening);
    group.chooseSources(device);
    return answer;
  }

  /**
   * Closes the store in order, lets the kernel forget its files, and opens it in a new process.
   *
   * @return how long the opening took, in seconds, without the start of the process
   */
  double reopen() throws IOException {
    engine.quit();
    DiskUsage.force(Path.of(Wire.text(opening, "directory")));
    group.dropCache();
    engine.close();
    Running running = starter.start();
    engine = running.engine();
    group = running.group();
    return Wire.real(openAgain(), "open_seconds");
  }

  /** Prepares for a workload. */
  void begin(Workload workload) {
    Map<String, Object> request = Wire.request("begin");
    request.put("workload", workload.name());
    engine.ask(request);
    io = new IoUse(0, 0);
    ops = 0;
    entries = 0;
    userBytesWritten = 0;
    settleSeconds = 0;
    result = Map.of();
  }

  /** Has a turn; one that counts is added to the figures. */
  void turn(long opsPerThread, long nanos, boolean settles, boolean counts) {
    Map<String, Object> request = Wire.request("turn");
    request.put("ops", opsPerThread);
    request.put("nanos", nanos);
    request.put("settles", settles);
    request.put("counts", counts);
    IoUse before = use();
    Map<String, Object> answer = engine.ask(request);
    if (counts) {
      io = io.plus(use().since(before));
      ops += Wire.number(answer, "ops");
      entries += Wire.number(answer, "entries");
      userBytesWritten += Wire.number(answer, "user_bytes_written");
      settleSeconds += Wire.real(answer, "settle_seconds");
    }
  }

  /** Moves everything into tables and waits for compactions; what that takes is the workload's. */
  void flush() {
    IoUse before = use();
    engine.ask(Wire.request("flush"));
    io = io.plus(use().since(before));
  }

  /** Begins to merge all that the store has. */
  void merge() {
    engine.ask(Wire.request("merge"));
  }

  /** Whether that goes on. */
  boolean isMerging() {
    return Wire.flag(engine.ask(Wire.request("merging")), "merging");
  }

  /** Asks for rates, latencies and answers since {@link #begin}. */
  Map<String, Object> result() {
    result = engine.ask(Wire.request("result"));
    return result;
  }

  /** Takes figures that were put together elsewhere for those of the last {@link #result}. */
  void setResult(Map<String, Object> figures) {
    result = figures;
  }

  /** Figures of the last {@link #result}. */
  Map<String, Object> lastResult() {
    return result;
  }

  /** The rates of the last {@link #result}, by its name. */
  double[] rates(String name) {
    return result.get(name) instanceof List<?> list
        ? list.stream()
            .mapToDouble(each -> each instanceof Number number ? number.doubleValue() : 0)
            .toArray()
        : new double[0];
  }

  IoUse io() {
    return io;
  }

  long ops() {
    return ops;
  }

  long entries() {
    return entries;
  }

  long userBytesWritten() {
    return userBytesWritten;
  }

  double settleSeconds() {
    return settleSeconds;
  }

  /** Bytes that went to and from the disk since the process began. */
  IoUse use() {
    return group.io(device, engine.pid(), proc);
  }

  /** Where bytes read are counted. */
  IoUse.Source readSource() {
    return group.readSource();
  }

  /** Where bytes written are counted. */
  IoUse.Source writeSource() {
    return group.writeSource();
  }

  /** The most memory its group had at once. */
  long peakBytes() {
    return group.peakBytes();
  }

  @Override
  public void close() {
    engine.close();
  }
}
