package dev.atll.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.atll.tree.SlotHeat;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlotLinesTest {
  /** Whatever comes, goes or is left out between rounds, each slot meets the line it had. */
  @Test
  void aSlotKeepsItsLineAsLongAsRoundsMeetIt() {
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlotLines<Object> lines = new SlotLines<>(Object::new);
      Map<SlotHeat, Object> known = new IdentityHashMap<>();
      List<SlotHeat> slots = new ArrayList<>();
      for (int round = 0; round < 30; round++) {
        for (int change = random.nextInt(4); change > 0; change--) {
          if (slots.isEmpty() || random.nextInt(3) > 0) {
            slots.add(random.nextInt(slots.size() + 1), new SlotHeat());
          } else {
            slots.remove(random.nextInt(slots.size()));
          }
        }
        if (random.nextInt(5) == 0) {
          slots.add(slots.isEmpty() ? new SlotHeat() : slots.remove(0)); // another order
        }
        lines.beginRound();
        boolean peeks = random.nextInt(4) == 0;
        boolean ended = random.nextInt(8) > 0;
        Map<SlotHeat, Object> met = new IdentityHashMap<>();
        for (SlotHeat slot : slots) {
          Object line = peeks ? lines.peek(slot) : lines.keep(slot);
          if (known.containsKey(slot)) {
            assertSame(known.get(slot), line, "seed " + seed);
          } else {
            assertEquals(false, known.containsValue(line), "seed " + seed);
          }
          met.put(slot, line);
        }
        if (!peeks && ended) {
          lines.endRound();
          known = met;
          assertEquals(slots, lines.slots(), "seed " + seed);
        }
      }
    }
  }
}
