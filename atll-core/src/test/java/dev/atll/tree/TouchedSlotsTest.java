package dev.atll.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TouchedSlotsTest {
  private final TouchedSlots touched = new TouchedSlots();

  private SlotHeat slot(int number) {
    return new SlotHeat(1, new byte[] {(byte) number}, touched);
  }

  private List<SlotHeat> drained() {
    List<SlotHeat> slots = new ArrayList<>();
    touched.drain(slots::add);
    return slots;
  }

  @Test
  void aSlotIsHandedOverOnceForAllThatWasCounted() {
    SlotHeat a = slot(1);
    SlotHeat b = slot(2);
    a.addGets(64);
    b.addSeeks(64);
    a.addBytesIn(5);
    assertEquals(List.of(b, a), drained());
    assertEquals(List.of(), drained());
    a.addMisses(1); // concerns filters only
    assertEquals(List.of(), drained());
    a.addGets(1);
    assertEquals(List.of(a), drained());
  }

  /** What is counted while a slot is handed over, be it by the very next instruction, is told again. */
  @Test
  void aVisitDuringTheHandingOverIsNotLost() {
    SlotHeat a = slot(1);
    a.addGets(1);
    touched.drain(
        slot -> {
          assertEquals(1, slot.gets());
          slot.addGets(1);
        });
    assertEquals(List.of(a), drained());
  }

  @Test
  @Timeout(20)
  void noCountOfManyThreadsIsMissed() throws InterruptedException {
    List<SlotHeat> slots = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      slots.add(slot(i));
    }
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      int from = t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 100_000; i++) {
                      slots.get((i + from) % 8).addGets(1);
                    }
                  }));
    }
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (Thread thread : threads) {
                      thread.join();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  done.set(true);
                });
    Map<SlotHeat, Long> seen = new HashMap<>();
    boolean last;
    do {
      last = done.get();
      touched.drain(slot -> seen.put(slot, slot.gets()));
    } while (!last);
    closer.join();
    for (SlotHeat slot : slots) {
      assertEquals(37_500, slot.gets());
      assertEquals(slot.gets(), seen.get(slot));
    }
  }
}
