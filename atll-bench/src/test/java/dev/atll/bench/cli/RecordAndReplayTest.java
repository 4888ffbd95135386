package dev.atll.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with real threads, recorded, and every decision of it made again. */
class RecordAndReplayTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path dir;

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void whatARunDecidedIsDecidedAgainAndHeldAgainstHindsight() {
    String recordings = dir.resolve("recordings").toString();
    int code =
        run(
            "run", "ycsb-a", "--policy", "atll,tiered", "--keys", "3000", "--ops", "30000",
            "--set", "memtableBytes=64k", "--set", "slotBytes=32k", "--set", "fanout=3",
            "--record", recordings);
    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains(", 0 lost"), out.toString());

    out.getBuffer().setLength(0);
    String recording = dir.resolve("recordings").resolve("atll").toString();
    code = run("replay", recording, "--policy", "leveled", "--oracle");
    assertEquals(0, code, err.toString() + out);
    String text = out.toString();
    // The command itself fails if any look or decision came out otherwise.
    assertTrue(text.contains("the same to the last bit\n"), text);
    assertTrue(text.contains("in its place: leveled, scheduler index"), text);
    assertTrue(text.contains("spent ÷ best"), text);
    assertTrue(text.contains("it does nothing on"), text);
  }

  @Test
  void wrongNamesAreRefused() {
    run(
        "run", "ycsb-a", "--policy", "tiered", "--keys", "500", "--ops", "2000", "--record",
        dir.toString());
    int code = run("replay", dir.resolve("tiered").toString(), "--policy", "best");
    assertEquals(1, code, "no such policy");
    assertTrue(err.toString().contains("best"), err.toString());
  }
}
