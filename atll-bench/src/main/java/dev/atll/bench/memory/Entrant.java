package dev.atll.bench.memory;

import dev.atll.bench.experiment.ComparisonPlan;
import dev.atll.bench.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An engine's process with the turns it has had at a workload, and what they took of the disk. */
final class Entrant implements AutoCloseable {
  private final Engine engine;
  private final MemoryGroup group;
  private final String device;
  private final Path proc;
  private IoUse io = new IoUse(0, 0);
  private long ops;
  private long entries;
  private long userBytesWritten;
  private double settleSeconds;
  private Map<String, Object> result = Map.of();

  Entrant(Engine engine, MemoryGroup group, String device, Path proc) {
    this.engine = engine;
    this.group = group;
    this.device = device;
    this.proc = proc;
  }

  String name() {
    return engine.name();
  }

  /** Opens the store in the process; returns how long that took, in seconds. */
  double open(Path directory, long keys, ComparisonPlan plan, Map<String, String> settings) {
    Map<String, Object> request = Wire.request("open");
    request.put("engine", name());
    request.put("directory", directory.toString());
    request.put("keys", keys);
    request.put("value_bytes", plan.valueBytes());
    request.put("threads", plan.threads());
    request.put("seed", plan.seed());
    request.put("settle_seconds", plan.settleMax().toSeconds());
    request.put("settings", settings);
    Map<String, Object> answer = engine.ask(request);
    group.chooseSources(device);
    return Wire.real(answer, "open_seconds");
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

  /** Asks for rates, latencies and answers since {@link #begin}. */
  Map<String, Object> result() {
    result = engine.ask(Wire.request("result"));
    return result;
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

  /** The most memory its group had at once. */
  long peakBytes() {
    return group.peakBytes();
  }

  private IoUse use() {
    return group.io(device, engine.pid(), proc);
  }

  @Override
  public void close() {
    engine.close();
  }
}
