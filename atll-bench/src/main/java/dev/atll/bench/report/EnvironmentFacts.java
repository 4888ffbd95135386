package dev.atll.bench.report;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a number cannot be understood without: the machine and the JVM it came from. */
public final class EnvironmentFacts {
  private EnvironmentFacts() {}

  /** Cores, heap, JVM and operating system, by name. */
  public static Map<String, Object> collect() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("heap_max_bytes", Runtime.getRuntime().maxMemory());
    facts.put("jdk", System.getProperty("java.runtime.version", "unknown"));
    facts.put("jvm", System.getProperty("java.vm.name", "unknown"));
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("arch", System.getProperty("os.arch", "unknown"));
    facts.put("started_at", Instant.now().toString());
    return facts;
  }

  /** Bytes in use on the heap after the collector has been asked to run. */
  public static long heapUsedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
