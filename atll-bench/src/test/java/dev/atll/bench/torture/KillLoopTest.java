package dev.atll.bench.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few real kills; {@code atll torture} does many. */
class KillLoopTest {
  @TempDir private Path temp;

  @Test
  void aKilledProcessLosesNothingThatWasSynced() throws Exception {
    run(new LoadPlan(11, 1000, 4, Durability.SYNC), 3);
  }

  @Test
  void aKilledProcessLosesNothingThatReturnedWhateverTheDurability() throws Exception {
    run(new LoadPlan(12, 1000, 4, null), 2);
  }

  private void run(LoadPlan plan, int kills) throws Exception {
    Findings findings = new Findings();
    List<String> progress = new ArrayList<>();
    KillLoop loop =
        new KillLoop(
            temp.resolve("store"), temp.resolve("errors"), plan, 300, Attack.KILL, findings, progress::add);
    KillLoop.Result result = loop.run(kills, Long.MAX_VALUE);
    assertTrue(findings.isEmpty(), () -> plan + "\n" + String.join("\n", findings.described()));
    assertEquals(kills, result.kills());
    assertEquals(kills, progress.size());
    // Without these the run has shown nothing.
    assertTrue(result.ackedWrites() > 0, "no write was acknowledged");
    assertTrue(result.checks() > 0, "nothing was compared");
  }
}
