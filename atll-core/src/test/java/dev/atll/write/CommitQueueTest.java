package dev.atll.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.api.Durability;
import dev.atll.write.CommitRequest.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The commit queue over a log that only counts, or throws. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class CommitQueueTest {
  private static final long PATIENCE_MILLIS = 20_000;
  private static final long FOREVER = Long.MAX_VALUE;

  /** Gives revisions and remembers the groups. */
  private static final class CountingLog implements CommitQueue.Server {
    final List<Integer> sizes = new ArrayList<>();
    final List<Boolean> synced = new ArrayList<>();
    long last;

    @Override
    public void serve(CommitQueue.Group group) {
      int size = 0;
      for (CommitRequest member = group.first(); member != null; member = member.next) {
        member.revision = ++last;
        member.fate = Fate.DONE;
        size++;
      }
      sizes.add(size);
      synced.add(group.isSyncWanted());
    }
  }

  private static CommitRequest request(int length, Durability durability) {
    CommitRequest request = new CommitRequest();
    request.prepare(new byte[length], length, durability, false);
    return request;
  }

  private static List<CommitRequest> enqueue(CommitQueue queue, int count) {
    List<CommitRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(request(10, Durability.OS));
      queue.enqueue(requests.getLast());
    }
    return requests;
  }

  @Test
  void thoseThatWaitAreOneGroupInTheOrderInWhichTheyCame() {
    CountingLog log = new CountingLog();
    CommitQueue queue = new CommitQueue(log);
    List<CommitRequest> waiting = enqueue(queue, 5);
    CommitRequest own = request(10, Durability.OS);
    queue.submit(own);
    assertEquals(List.of(6), log.sizes);
    assertEquals(1, own.revision);
    for (int i = 0; i < 5; i++) {
      assertTrue(waiting.get(i).done);
      assertEquals(i + 2, waiting.get(i).revision);
    }
  }

  @Test
  void aGroupEndsAtAMebibyteAndTheRestComesNextInOrder() {
    CountingLog log = new CountingLog();
    CommitQueue queue = new CommitQueue(log);
    List<CommitRequest> requests = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      requests.add(request(400 << 10, Durability.OS));
      queue.enqueue(requests.getLast());
    }
    assertTrue(queue.serveWaiting());
    requests.add(request(10, Durability.OS));
    queue.enqueue(requests.getLast());
    assertTrue(queue.serveWaiting());
    assertEquals(List.of(3, 3), log.sizes);
    for (int i = 0; i < requests.size(); i++) {
      assertEquals(i + 1, requests.get(i).revision);
    }
  }

  @Test
  void aGroupIsSyncedIfAnyMemberAskedForIt() {
    CountingLog log = new CountingLog();
    CommitQueue queue = new CommitQueue(log);
    for (int asking = 0; asking < 3; asking++) {
      for (int i = 1; i < 3; i++) {
        queue.enqueue(request(10, i == asking ? Durability.SYNC : Durability.OS));
      }
      queue.submit(request(10, asking == 0 ? Durability.SYNC : Durability.INTERVAL));
    }
    queue.submit(request(10, Durability.OS));
    assertEquals(List.of(true, true, true, false), log.synced);
  }

  @Test
  void everyMemberIsAnsweredWhateverServingThrows() {
    Error thrown = new OutOfMemoryError("planned");
    CommitQueue queue =
        new CommitQueue(
            group -> {
              CommitRequest first = group.first();
              first.revision = 1;
              first.fate = Fate.DONE;
              throw thrown;
            });
    List<CommitRequest> waiting = enqueue(queue, 15);
    CommitRequest own = request(10, Durability.OS);
    queue.submit(own);
    assertSame(Fate.DONE, own.fate, "what was done stays done");
    for (CommitRequest member : waiting) {
      assertTrue(member.done);
      assertSame(Fate.REFUSED, member.fate);
      assertSame(thrown, member.failure);
    }
    CommitRequest later = request(10, Durability.OS);
    queue.submit(later);
    assertSame(Fate.DONE, later.fate, "the queue goes on");
  }

  @Test
  void aServerThatForgetsAMemberRefusesIt() {
    CommitQueue queue = new CommitQueue(group -> {});
    CommitRequest own = request(10, Durability.OS);
    queue.submit(own);
    assertSame(Fate.REFUSED, own.fate);
  }

  @Test
  void oneWriterThatCameDuringASealIsWokenWhenItEnds() throws Exception {
    CommitQueue queue = new CommitQueue(new CountingLog(), FOREVER);
    for (int round = 0; round < 20; round++) {
      Thread writer = queue.alone(() -> untilParked(start(queue)));
      writer.join(PATIENCE_MILLIS);
      assertFalse(writer.isAlive(), "nobody woke the writer, round " + round);
    }
  }

  @Test
  void whoWantsToWorkAloneIsLetInBeforeWritersThatNeverPause() throws Exception {
    CommitQueue queue = new CommitQueue(new CountingLog(), FOREVER);
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    while (!stop.get()) {
                      queue.submit(request(10, Durability.OS));
                    }
                  }));
    }
    AtomicInteger times = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (int k = 0; k < 50; k++) {
                      queue.alone(times::incrementAndGet);
                    }
                  }));
    }
    for (Thread thread : threads.subList(8, 10)) {
      thread.join(PATIENCE_MILLIS);
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
      assertFalse(thread.isAlive(), "hangs");
    }
    assertEquals(100, times.get());
  }

  @Test
  void waitersOfAGroupThatThrowsReturn() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch serving = new CountDownLatch(1);
    CommitQueue queue =
        new CommitQueue(
            group -> {
              serving.countDown();
              await(held);
              throw new StackOverflowError("planned");
            },
            FOREVER);
    List<Thread> writers = new ArrayList<>();
    writers.add(start(queue));
    assertTrue(serving.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    for (int i = 0; i < 15; i++) {
      writers.add(start(queue));
      untilParked(writers.getLast());
    }
    held.countDown();
    for (Thread writer : writers) {
      writer.join(PATIENCE_MILLIS);
      assertFalse(writer.isAlive(), "a writer never returned");
    }
  }

  private static Thread start(CommitQueue queue) {
    return Thread.ofPlatform().daemon().start(() -> queue.submit(request(10, Durability.OS)));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Thread untilParked(Thread thread) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (thread.getState() != Thread.State.TIMED_WAITING
        && thread.getState() != Thread.State.WAITING) {
      assertTrue(thread.isAlive() && System.nanoTime() - end < 0, "never parked");
      Thread.sleep(1);
    }
    return thread;
  }

  /** However little room its stack has: no writer hangs, and the queue stays usable. */
  @Test
  void aStackWithoutRoomHangsNobody() throws Exception {
    CountingLog log = new CountingLog();
    CommitQueue queue = new CommitQueue(log);
    Thread deep =
        new Thread(
            null,
            () -> {
              for (int i = 0; i < 300; i++) {
                dive(queue, i);
              }
            },
            "deep",
            256 << 10);
    deep.setDaemon(true);
    deep.start();
    int written = 0;
    while (deep.isAlive() && written < 200_000) {
      Thread writer = start(queue);
      writer.join(PATIENCE_MILLIS);
      assertFalse(writer.isAlive(), "hangs after " + written + " writes");
      written++;
    }
    deep.join(PATIENCE_MILLIS);
    assertFalse(deep.isAlive());
    CommitRequest last = request(10, Durability.OS);
    queue.submit(last);
    assertSame(Fate.DONE, last.fate);
  }

  /** Goes down until the stack ends, then writes on the way up, so near the end as may be. */
  private static boolean dive(CommitQueue queue, int frames) {
    boolean ended;
    try {
      ended = dive(queue, frames);
    } catch (StackOverflowError e) {
      ended = true;
    }
    if (ended) {
      try {
        CommitRequest request = new CommitRequest();
        queue.submit(request);
        return false;
      } catch (StackOverflowError e) {
        return true;
      }
    }
    return false;
  }
}
