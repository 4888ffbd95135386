package dev.atll.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryReportTest {
  private static final Map<String, Object> FACTS =
      Map.of(
          "memory_bytes", 900L << 20,
          "heap_bytes", 300L << 20,
          "control_groups", 2,
          "device", "/dev/sda1 (8:0, ext4)",
          "read_ahead_kib", 128L,
          "reads_counted_by", "io.stat of the group",
          "writes_counted_by", "io.stat of the group");

  private static Map<String, Object> row(double data, String engine, double rate, double read) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("data", data);
    row.put("workload", "get-uniform");
    row.put("engine", engine);
    row.put("ops_per_s", rate);
    row.put("p50_micros", 80.0);
    row.put("p99_micros", 400.0);
    row.put("disk_bytes_read_per_op", read);
    row.put("disk_bytes_written_per_op", 0.0);
    row.put("ratio_to", "peer");
    row.put("ratio", rate / 10_000);
    row.put("ratio_low", rate / 11_000);
    row.put("ratio_high", rate / 9000);
    return row;
  }

  private static List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (double data : new double[] {0.5, 2, 8}) {
      rows.add(row(data, "atll", 13_000, 4300));
      rows.add(row(data, "peer", 10_000, data < 1 ? 0 : 5600));
    }
    return rows;
  }

  @Test
  void theTableRelatesAllToTheReference() {
    String table = new MemoryReport(FACTS, rows()).table().toString();
    List<String> lines = table.lines().toList();
    assertEquals(8, lines.size());
    assertTrue(lines.get(2).matches("0\\.5× +get-uniform +atll .*1\\.30× +1\\.18–1\\.44"), table);
    assertTrue(lines.get(2).contains("4.20 KiB"), table);
    assertTrue(lines.get(5).matches("2× +get-uniform +peer .* 1×"), table);
  }

  @Test
  void conditionsNameLimitDiskAndCounters() {
    String text = new MemoryReport(FACTS, List.of()).conditions();
    for (String part :
        List.of("900 MiB", "300 MiB", "version 2", "/dev/sda1", "128 KiB", "io.stat of")) {
      assertTrue(text.contains(part), text);
    }
    Map<String, Object> silent = new LinkedHashMap<>(FACTS);
    silent.put("read_ahead_kib", null);
    assertTrue(new MemoryReport(silent, List.of()).conditions().contains("read-ahead not told"));
  }

  @Test
  void thePageHasTheCurvesAndTheCommand() {
    String page = new MemoryReport(FACTS, rows()).page("atll compare --memory 900m <x>");
    // One curve of rates and one of bytes.
    assertEquals(2, page.split("<svg", -1).length - 1);
    // Each engine has three points, one in each size, and no bytes read is a point too.
    assertEquals(12, page.split("<circle", -1).length - 1);
    assertTrue(page.contains("--memory 900m &lt;x&gt;"), page);
    assertFalse(page.contains("Hypotheses"), page);
    assertFalse(page.contains("NaN"), page);
  }

  @Test
  void whatHasNoColumnIsALine() {
    Map<String, Object> merge = row(2, "atll", 9000, 0);
    merge.put("workload", "get-during-merge");
    merge.put("merge_seconds", 12.5);
    merge.put("merge_bytes_written", 1L << 30);
    merge.put("p99_to_without", 1.5);
    Map<String, Object> open = row(2, "atll", 5, 0);
    open.put("workload", "open");
    open.put("open_seconds", 0.2);
    open.put("first_gets_seconds", 0.4);
    open.put("bytes_read_until_then", 5L << 20);
    assertEquals(
        List.of(
            "get-during-merge at 2 × memory, atll: p99 400 µs, 1.50× that without a merge; "
                + "1.00 GiB written in 12.5 s",
            "open at 2 × memory, atll: open in 200 ms, the first 1000 gets in 400 ms, "
                + "5.00 MiB read by then"),
        new MemoryReport(FACTS, List.of(row(2, "atll", 1, 1), merge, open)).notes());
  }
}
