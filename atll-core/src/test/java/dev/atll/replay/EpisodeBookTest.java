package dev.atll.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One slot of one level, told look by look. Prices: a probe 1 ns, a seek 10 ns, a byte 1 ns. */
final class EpisodeBookTest {
  private static final UnitCosts COSTS = new UnitCosts(1, 5, 10, 0.5, 0.5);
  private static final PolicySettings SETTINGS =
      new PolicySettings(1 << 20, 4, 1 << 18, 64, 1.25, Long.MAX_VALUE, 150);

  private final List<SlotEpisode> ended = new ArrayList<>();
  private final EpisodeBook book = new EpisodeBook(256, ended::add);
  private double gets;
  private double bytesIn;
  private long time;

  /** A run of revisions; its id tells them, and which rewriting of them it is. */
  private static RunFacts run(int first, int last, int rewriting, long bytes) {
    return new RunFacts(
        id(first, last, rewriting), bytes, bytes / 10, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0);
  }

  private static RunFacts run(int first, int last, long bytes) {
    return run(first, last, 0, bytes);
  }

  private static long id(int first, int last, int rewriting) {
    return first * 10_000L + last * 100L + rewriting;
  }

  private static RevisionSpan span(long id) {
    return new RevisionSpan(id / 10_000, id / 100 % 100);
  }

  /** A look after so many gets and bytes; runs newest first. */
  private void look(int level, double moreGets, double moreBytes, RunFacts... runs) {
    gets += moreGets;
    bytesIn += moreBytes;
    book.look(++time, tree(level, slot(level, 0, 7, runs)), 1, EpisodeBookTest::span);
  }

  private SlotFacts slot(int level, int rank, long id, RunFacts... runs) {
    return new SlotFacts(
        level, rank, id, false, true, -1, -1, gets, 0, bytesIn, List.of(runs));
  }

  private static TreeSnapshot tree(int level, SlotFacts... slots) {
    List<LevelFacts> levels = new ArrayList<>();
    for (int i = 1; i <= level; i++) {
      levels.add(new LevelFacts(i, 1 << 20, 4, i == level ? List.of(slots) : List.of()));
    }
    return new TreeSnapshot(SETTINGS, COSTS, 1, List.of(), levels);
  }

  @Test
  void arrivalsReadsAndMergesUntilTheSlotIsHandedDown() {
    look(1, 0, 0);
    look(1, 5, 100, run(1, 1, 100));
    look(1, 3, 200, run(2, 2, 200), run(1, 1, 100)); // three gets met one run
    look(1, 4, 50, run(3, 3, 50), run(2, 2, 200), run(1, 1, 100)); // four met two
    look(1, 6, 0, run(2, 3, 250), run(1, 1, 100)); // six met three; then two were merged
    look(1, 2, 0, run(1, 3, 350)); // two met two
    look(1, 9, 70, run(4, 4, 70)); // handed down; something new came
    assertEquals(1, ended.size());
    SlotEpisode episode = ended.getFirst();
    assertEquals(3, episode.arrivals());
    assertEquals(3, episode.arrivalsSeen());
    assertEquals(4 * 1 + 6 * 2 + 2 * 1, episode.extraGets());
    assertEquals(250 + 350, episode.mergedBytes());
    // At 1 ns a get, all three left alone: 4 + (6 + 2 + 9) * 2, cheaper than any merge.
    assertEquals(38, episode.hindsight(1, 0, 1).cost());
    // At 100 ns: the second merged with the first as it came, the third with both.
    assertEquals(300 + 350, episode.hindsight(100, 0, 1).cost());
  }

  @Test
  void absorbingCostsWhatWasThere() {
    look(2, 0, 0, run(1, 4, 1_000));
    look(2, 10, 300, run(1, 6, 1_300)); // merged down into the run that was there
    look(2, 10, 200, run(7, 9, 200), run(1, 6, 1_300)); // handed down beside it
    look(2, 10, 0, run(1, 9, 1_500));
    book.end();
    SlotEpisode episode = ended.getFirst();
    assertEquals(3, episode.arrivals());
    assertEquals(2, episode.arrivalsSeen());
    assertEquals(1_000 + 1_500, episode.mergedBytes());
    assertEquals(10, episode.extraGets());
    // Had both been merged as they came, only what was there would have been written again.
    assertEquals(1_000 + 1_300, episode.hindsight(1e6, 0, 1).cost());
    assertEquals(10 * 0.5 + 10 * 2 * 0.5, episode.hindsight(0.5, 0, 1).cost());
  }

  @Test
  void overwrittenBytesAreNotWrittenAgain() {
    RunFacts resident = run(1, 4, 1_000);
    RunFacts batch =
        new RunFacts(id(5, 6, 0), 400, 40, 0, 750, 0, false, 0, 0, 0, 0, 0, 0, 0);
    look(1, 0, 0, resident);
    look(1, 0, 400, batch, resident);
    look(1, 8, 0, run(1, 6, 1_100));
    book.end();
    assertEquals(1_000 + 100, ended.getFirst().mergedBytes());
    assertEquals(1_100, ended.getFirst().hindsight(1e6, 0, 1).cost());
  }

  @Test
  void purgesCutsAndPartsHandedDownBeginAnew() {
    look(1, 0, 0, run(2, 2, 200), run(1, 1, 100));
    look(1, 1, 0, run(2, 2, 200), run(1, 1, 1, 80)); // purged
    assertEquals(1, ended.size());
    look(1, 1, 0, run(2, 2, 200)); // the oldest handed down
    assertEquals(2, ended.size());
    look(1, 1, 0);
    assertEquals(3, ended.size());
    look(1, 1, 0);
    book.end();
    assertEquals(3, ended.size(), "an empty slot has nothing to tell");
    ended.forEach(episode -> assertEquals(0, episode.mergedBytes()));
  }

  @Test
  void whereSlotsAreJoinedBothBeginAnew() {
    RunFacts left = run(1, 1, 100);
    RunFacts right = run(2, 2, 200);
    SlotFacts a = slot(1, 0, 7, run(3, 3, 10), left);
    book.look(1, tree(1, slot(1, 0, 7, left), slot(1, 1, 8, right)), 1, EpisodeBookTest::span);
    book.look(2, tree(1, a, slot(1, 1, 8, right)), 1, EpisodeBookTest::span);
    book.look(3, tree(1, slot(1, 0, 7, run(1, 3, 310))), 1, EpisodeBookTest::span);
    assertEquals(2, ended.size());
  }

  @Test
  void windowsCarryOnWithWhatIsThere() {
    RegretMeter meter = new RegretMeter(100);
    gets = 0;
    assertNull(meter.look(0, tree(1, slot(1, 0, 7, run(1, 1, 100))), 1, EpisodeBookTest::span));
    assertNull(
        meter.look(
            50,
            tree(1, slot(1, 0, 7, run(2, 2, 50), run(1, 1, 100))),
            1,
            EpisodeBookTest::span));
    gets = 1_000;
    RegretMeter.Window first =
        meter.look(
            100,
            tree(1, slot(1, 0, 7, run(2, 2, 50), run(1, 1, 100))),
            1,
            EpisodeBookTest::span);
    assertNotNull(first);
    assertEquals(100, first.nanos());
    // A thousand gets met two runs; nothing was counted at the boundary, so a get is taken to pay
    // less than a probe. Merging would have cost 150.
    assertEquals(500, first.all().spent());
    assertEquals(150, first.all().hindsight());
    gets = 1_100;
    assertNull(
        meter.look(150, tree(1, slot(1, 0, 7, run(1, 2, 150))), 1, EpisodeBookTest::span));
    RegretMeter.Window second =
        meter.look(210, tree(1, slot(1, 0, 7, run(1, 2, 150))), 1, EpisodeBookTest::span);
    assertNotNull(second);
    assertEquals(110, second.nanos());
    assertEquals(150, second.all().mergeSpent());
    assertEquals(1, second.slots().size());
  }
}
