package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedQueueTest {
  @Property
  void onOneThreadItIsADequeWithABound(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int capacity = 2 + random.nextInt(15);
    int room = Integer.highestOneBit(capacity - 1) << 1;
    BoundedQueue<Integer> queue = new BoundedQueue<>(capacity);
    ArrayDeque<Integer> model = new ArrayDeque<>();
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(3) > 0) {
        boolean fits = model.size() < room;
        assertEquals(fits, queue.offer(i));
        if (fits) {
          model.add(i);
        }
      } else {
        assertEquals(model.poll(), random.nextBoolean() ? queue.poll() : queue.pollReady());
      }
    }
  }

  @Test
  void sizesAndNullsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new BoundedQueue<Integer>(1));
    assertThrows(IllegalArgumentException.class, () -> new BoundedQueue<Integer>((1 << 30) + 1));
    assertThrows(NullPointerException.class, () -> new BoundedQueue<Integer>(2).offer(null));
    assertNull(new BoundedQueue<Integer>(2).poll());
  }

  @Test
  void manyThreadsLoseAndDoubleNothingAndKeepTheirOrder() throws InterruptedException {
    int threads = 4;
    int each = 50_000;
    BoundedQueue<long[]> queue = new BoundedQueue<>(64);
    List<Thread> offering = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int own = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  while (!queue.offer(new long[] {own, i})) {
                    Thread.yield();
                  }
                }
              });
      thread.setDaemon(true);
      offering.add(thread);
      thread.start();
    }
    long[] next = new long[threads];
    SplittableRandom random = new SplittableRandom(1);
    for (int taken = 0; taken < threads * each; ) {
      long[] element = random.nextBoolean() ? queue.poll() : queue.pollReady();
      if (element == null) {
        Thread.yield();
      } else {
        assertEquals(next[(int) element[0]], element[1]);
        next[(int) element[0]]++;
        taken++;
      }
    }
    for (Thread thread : offering) {
      thread.join();
    }
    assertNull(queue.poll());
    assertTrue(queue.offer(new long[] {0, 0}));
    assertFalse(queue.poll() == null);
  }
}
