package dev.atll.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.sstable.HotList;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A sample of the sweeps that the {@code torture} command does in full. {@code -Dsweep=calls|bytes|
 * recovery|hostile -Dseed=} does one of them in full from a seed, for {@code -Dseconds=} at most.
 */
final class SweepTest {
  private static final String ONLY = System.getProperty("sweep");
  private static final long SEED = Long.getLong("seed", 1);

  // A log segment that says that it is another one, of a number below 0.
  private static final long FORGED_NUMBER = 928871883L;

  private static Figures run(String name, Stage sample, Stage full) {
    boolean one = name.equals(ONLY);
    if (ONLY != null && !one) {
      return new Figures();
    }
    // All of these end by themselves, in a minute together; a busy machine may take ten times as long.
    Campaign campaign = new Campaign(SEED, Integer.getInteger("seconds", 600), f -> {});
    (one ? full : sample).run(campaign);
    System.out.printf("%s: %s %s%n", name, campaign.figures.counts(), campaign.seconds());
    assertEquals(0, campaign.figures.failures());
    return campaign.figures;
  }

  @Test
  void anyCallMayFail() {
    // Three histories: the third has tables that are read block by block.
    Figures figures = run("calls", new CallSweep(3, 37), new CallSweep(1, 1));
    assertTrue(ONLY != null || figures.faultsFired() > 200, () -> figures.faults.toString());
    for (String fault : List.of("EIO", "delay", "short reads", "wrong bytes")) {
      assertTrue(
          ONLY != null
              || figures.faults.keySet().stream()
                  .anyMatch(kind -> kind.startsWith("READ_BLOCK " + fault)),
          () -> "of the reads of blocks none met " + fault + ": " + figures.faults);
    }
  }

  @Test
  void anyByteMayChange() {
    Figures figures = run("bytes", new ByteSweep(8, 281), new ByteSweep(1, 1));
    assertTrue(
        ONLY != null || figures.bytesNoticed > figures.bytesChanged / 2,
        () -> figures.bytesNoticed + " of " + figures.bytesChanged);
    // Three of the eight stores are read block by block; some ten blocks each time.
    assertTrue(
        ONLY != null || figures.blocksRead > figures.bytesChanged,
        () -> figures.blocksRead + " blocks read");
  }

  @Test
  void powerMayGoAnywhereInRecovery() {
    Figures figures = run("recovery", new RecoverySweep(2, 3), new RecoverySweep(1, 1));
    assertTrue(ONLY != null || figures.recoveryCrashes > 100, figures::toString);
  }

  /** Or the sweeps would pass over one kind of file. */
  @Test
  void smallStoresReadBlockByBlockHaveAListOfHotBlocks() throws IOException {
    SmallStore store = SmallStore.make(SmallStore.VARIANTS);
    assertTrue(store.names().contains(HotList.FILE), () -> store + "");
  }

  @Test
  void hostileFilesDoNoHarm() {
    Stage some =
        campaign -> {
          HostileStage stage = new HostileStage();
          for (long seed = SEED; seed < SEED + 1500; seed++) {
            stage.check(seed, campaign.figures);
          }
          stage.check(FORGED_NUMBER, campaign.figures);
          return true;
        };
    Stage one =
        campaign -> {
          new HostileStage().check(SEED, campaign.figures);
          return true;
        };
    Figures figures = run("hostile", some, one);
    assertTrue(ONLY != null || figures.hostile == 1501, () -> figures.hostile + "");
  }
}
