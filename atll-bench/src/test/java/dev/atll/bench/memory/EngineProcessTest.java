package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.experiment.StopSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The process of an engine, outside of any control group. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class EngineProcessTest {
  private static final long HEAP = 64L << 20;

  @TempDir private Path dir;

  private static final class NoCage implements Cage {
    @Override
    public List<Path> entrances() {
      return List.of();
    }

    @Override
    public long killed() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private Map<String, Object> opening(String engine) {
    Map<String, Object> request = Wire.request("open");
    request.put("engine", engine);
    request.put("directory", dir.resolve("store").toString());
    request.put("keys", 2000);
    request.put("value_bytes", 20);
    request.put("threads", 1);
    request.put("seed", 1);
    request.put("settle_seconds", 10);
    request.put("settings", Map.of());
    return request;
  }

  private static Map<String, Object> begin(String workload) {
    Map<String, Object> request = Wire.request("begin");
    request.put("workload", workload);
    return request;
  }

  private static Map<String, Object> turn(long ops) {
    Map<String, Object> request = Wire.request("turn");
    request.put("ops", ops);
    request.put("nanos", Long.MAX_VALUE);
    request.put("settles", true);
    request.put("counts", true);
    return request;
  }

  @Test
  void aStoreIsLoadedReadMergedAndClosed() throws IOException {
    try (Engine engine =
        Engine.start(
            "memory", new NoCage(), Engine.java(HEAP, dir, List.of()), dir.resolve("errors"),
            StopSignal.manual(), Engine.PATIENCE)) {
      assertRefused("no store is open", engine, begin("get-uniform"));
      assertRefused("no request 'sing'", engine, Wire.request("sing"));
      assertRefused("no engine 'nobody'", engine, opening("nobody"));
      assertRefused("no number 'keys'", engine, without(opening("memory"), "keys"));
      assertTrue(Wire.real(engine.ask(opening("memory")), "open_seconds") >= 0);
      assertRefused("no workload 'nothing'", engine, begin("nothing"));
      engine.ask(begin("load-random"));
      assertEquals(1500, Wire.number(engine.ask(turn(1500)), "ops"));
      Map<String, Object> rest = engine.ask(turn(1500));
      assertEquals(500, Wire.number(rest, "ops"), "each key is written once");
      assertEquals(500 * 36, Wire.number(rest, "user_bytes_written"));
      engine.ask(begin("get-uniform"));
      engine.ask(turn(100));
      Map<String, Object> result = engine.ask(Wire.request("result"));
      assertTrue(Wire.text(result, "answers").endsWith("/100/0/100"), result.toString());
      assertEquals(1, ((List<?>) result.get("rates")).size());
      engine.ask(Wire.request("merge"));
      while (Wire.flag(engine.ask(Wire.request("merging")), "merging")) {
        Thread.onSpinWait();
      }
      engine.quit();
    }
  }

  private static Map<String, Object> without(Map<String, Object> request, String name) {
    request.remove(name);
    return request;
  }

  private static void assertRefused(String text, Engine engine, Map<String, Object> request) {
    EngineFailure failure = assertThrows(EngineFailure.class, () -> engine.ask(request));
    assertTrue(failure.getMessage().contains(text), failure.getMessage());
  }

  @Test
  void itEndsWhenNobodyIsThereToTellItAnything() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Engine.java(HEAP, dir, List.of())).redirectError(Redirect.DISCARD).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      OutputStream in = process.getOutputStream();
      in.write((Wire.line(opening("memory")) + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      assertTrue(Wire.message(out.readLine()).isPresent());
      in.close();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it lives on");
    } finally {
      process.destroyForcibly();
    }
  }
}
