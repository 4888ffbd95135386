package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.bench.micro.Benches;
import dev.atll.bench.micro.FilterBench;
import dev.atll.sstable.filter.FilterSection;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine().setErr(new PrintWriter(err)).execute("bench", "none-such");
    assertEquals(2, code);
    for (String name : Benches.names()) {
      assertTrue(err.toString().contains(name), err.toString());
    }
    assertTrue(err.toString().contains("watch"), err.toString());
  }

  /** What is timed as absent must be absent nearly always, and what is timed as present, present. */
  @Test
  void filterBenchAsksWhatItSays() throws FilterSection.DamagedException {
    FilterBench bench = new FilterBench();
    bench.filter = "RIBBON:7.4";
    bench.build();
    int admitted = 0;
    for (int i = 0; i < 1000; i++) {
      assertTrue(bench.probePresent());
      admitted += bench.probeAbsent() ? 1 : 0;
    }
    assertTrue(admitted < 50, admitted + " admitted");
  }
}
