package dev.atll.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Doubles;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.LookRules;
import dev.atll.observe.event.Longs;
import dev.atll.observe.json.EventCodec;
import dev.atll.observe.json.TraceFormatException;
import dev.atll.policy.LevelFacts;
import dev.atll.policy.PolicySettings;
import dev.atll.policy.RunFacts;
import dev.atll.policy.SlotFacts;
import dev.atll.policy.TreeSnapshot;
import dev.atll.policy.UnitCosts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LookCodecTest {
  private static final int LOOKS = 700;
  private final EventCodec json = new EventCodec();

  @Test
  void whatWasSeenComesBackBitForBitThroughText() throws TraceFormatException {
    for (long seed = 1; seed <= 8; seed++) {
      RandomTrees trees = new RandomTrees(seed);
      LookEncoder encoder = new LookEncoder();
      LookDecoder decoder = new LookDecoder();
      for (int i = 1; i <= LOOKS; i++) {
        TreeSnapshot seen = trees.next();
        Look look = decoder.decode(throughText(encode(encoder, i, seen, trees)));
        String where = "seed " + seed + ", look " + i;
        assertNotNull(look, where);
        // Records compare doubles by their bits, so this is exact.
        assertEquals(seen, look.snapshot(), where);
        assertEquals(spansOf(seen, trees.spans), look.spans(), where);
      }
      assertEquals(0, decoder.useless());
    }
  }

  @Test
  void afterAMissingLookNothingIsMadeUpUntilTheNextWholeOne() throws TraceFormatException {
    SplittableRandom random = new SplittableRandom(7);
    RandomTrees trees = new RandomTrees(7);
    LookEncoder encoder = new LookEncoder();
    LookDecoder decoder = new LookDecoder();
    int useless = 0;
    boolean broken = false;
    for (int i = 1; i <= 4 * LookEncoder.WHOLE_EVERY; i++) {
      TreeSnapshot seen = trees.next();
      DecisionEvent.Looked event = encode(encoder, i, seen, trees);
      if (random.nextInt(100) == 0) {
        broken = true;
        continue;
      }
      broken &= event.rules().isEmpty();
      Look look = decoder.decode(throughText(event));
      if (broken) {
        assertNull(look, "look " + i);
        useless++;
      } else {
        assertNotNull(look, "look " + i);
        assertEquals(seen, look.snapshot(), "look " + i);
      }
    }
    assertTrue(useless > 0);
    assertEquals(useless, decoder.useless());
  }

  @Test
  void columnsThatNoEncoderWroteAreRefused() {
    RandomTrees trees = new RandomTrees(3);
    LookEncoder encoder = new LookEncoder();
    DecisionEvent.Looked good = encode(encoder, 1, trees.next(), trees);
    Longs none = Longs.empty();
    refuse(with(good, Longs.of(1), good.slots(), good.runs(), good.heats()));
    refuse(with(good, Longs.of(-1), good.slots(), good.runs(), good.heats()));
    refuse(with(good, good.levels(), Longs.of(1), good.runs(), good.heats()));
    refuse(with(good, good.levels(), Longs.of(1_000, 0, 0, 0, 0), good.runs(), good.heats()));
    refuse(with(good, good.levels(), none, Longs.of(5, 1, 1), good.heats()));
    refuse(with(good, good.levels(), good.slots(), good.runs(), Longs.of(2, -1)));
    refuse(with(good, good.levels(), good.slots(), good.runs(), Longs.of(1, 1, 1)));
  }

  private static void refuse(DecisionEvent.Looked broken) {
    assertThrows(IllegalArgumentException.class, () -> new LookDecoder().decode(broken));
  }

  private static DecisionEvent.Looked with(
      DecisionEvent.Looked e, Longs levels, Longs slots, Longs runs, Longs heats) {
    return new DecisionEvent.Looked(
        e.timeNanos(), e.lookId(), e.decisionId(), e.versionId(), e.offered(), e.taken(),
        e.refused(), e.toldSlots(), e.toldNanos(), e.rules(), e.theta(), e.decay(),
        e.agedMillis(), e.uniformRuns(), levels, slots, runs, heats, Doubles.empty());
  }

  private DecisionEvent.Looked throughText(DecisionEvent.Looked event)
      throws TraceFormatException {
    String line = json.encode(new StampedEvent(Label.of("engine"), 1, event));
    return (DecisionEvent.Looked) json.decode(line).event();
  }

  private static DecisionEvent.Looked encode(
      LookEncoder encoder, long lookId, TreeSnapshot seen, RandomTrees trees) {
    LookEncoder.Result result =
        new LookEncoder.Result(lookId * 1000, lookId, 0, lookId, 3, -1, Longs.of(0, 1, 2));
    return encoder.encode(
        result, rules(seen), seen, trees.decay, LookEncoder.Told.NOTHING, trees.spans::get);
  }

  private static LookRules rules(TreeSnapshot now) {
    PolicySettings s = now.settings();
    UnitCosts c = now.costs();
    return new LookRules(
        Label.of("atll"), Label.of("index"), 1, 1, s.memtableBytes(), s.fanout(),
        s.slotBytesTarget(), s.runsCap(), s.spaceAmplificationMax(), s.deleteDeadlineMillis(),
        s.tombstonePermilleMax(), s.runsPerReadMax(), c.probeNanos(), c.blockReadNanos(), c.seekNanos(),
        c.readByteNanos(), c.writeByteNanos());
  }

  private static Map<Long, RevisionSpan> spansOf(
      TreeSnapshot now, Map<Long, RevisionSpan> all) {
    Map<Long, RevisionSpan> present = new HashMap<>();
    add(now.levelZero(), all, present);
    for (LevelFacts level : now.levels()) {
      for (SlotFacts slot : level.slots()) {
        add(slot.runs(), all, present);
      }
    }
    return present;
  }

  private static void add(
      List<RunFacts> runs, Map<Long, RevisionSpan> all, Map<Long, RevisionSpan> into) {
    runs.forEach(run -> into.put(run.runId(), all.get(run.runId())));
  }
}
