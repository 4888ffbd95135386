package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.observe.event.CompactionEvent;
import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.RandomEvents;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.jfr.JfrSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventBusTest {
  private static final Label ENGINE = Label.of("engine");
  private static final Label BENCH = Label.of("bench");

  /** A marker that carries who sent it and its place in that thread's order. */
  private static VizEvent mark(int thread, int index) {
    return new CompactionEvent.Progress(index, thread, index, 0);
  }

  @Test
  void fullBusDropsAndCountsAndTellsTheGap() {
    EventBus bus = new EventBus(4);
    EventSink sink = bus.source(ENGINE);
    for (int i = 0; i < 10; i++) {
      sink.emit(mark(0, i));
    }
    List<StampedEvent> seen = new ArrayList<>();
    assertEquals(4, bus.drain(seen::add, 100));
    assertEquals(6, bus.dropped());
    sink.emit(mark(0, 10));
    bus.drain(seen::add, 100);

    assertEquals(5, seen.size());
    assertEquals(11, seen.getLast().sequence(), "five arrived and six were lost before it");
    assertEquals(0, bus.drain(seen::add, 100));
  }

  @Test
  void numbersEachSourceByItself() {
    EventBus bus = new EventBus(64);
    EventSink engine = bus.source(ENGINE);
    EventSink bench = bus.source(BENCH);
    assertSame(engine, bus.source(Label.of("engine")));
    engine.emit(mark(0, 0));
    bench.emit(mark(1, 0));
    engine.emit(mark(0, 1));
    List<StampedEvent> seen = new ArrayList<>();
    bus.drain(seen::add, 2);
    assertEquals(2, seen.size());
    bus.drain(seen::add, 100);
    assertEquals(List.of(1L, 1L, 2L), seen.stream().map(StampedEvent::sequence).toList());
    assertEquals(List.of(ENGINE, BENCH, ENGINE), seen.stream().map(StampedEvent::source).toList());
  }

  @Test
  void detailReachesOnlyThoseWhoAskForIt() {
    VizEvent detail =
        new RandomEvents(1).next(DecisionEvent.Looked.class);
    VizEvent plain = mark(0, 1);
    EventBus bus = new EventBus(64);
    EventSink sink = bus.source(ENGINE);
    List<VizEvent> shown = new CopyOnWriteArrayList<>();
    List<VizEvent> recorded = new CopyOnWriteArrayList<>();
    bus.subscribe(64, event -> shown.add(event.event()));
    bus.start();
    assertTrue(sink.enabled());
    assertFalse(sink.wantsDetail(), "nobody asked for detail");
    EventListener recorder =
        new EventListener() {
          @Override
          public void accept(StampedEvent event) {
            recorded.add(event.event());
          }

          @Override
          public boolean wantsDetail() {
            return true;
          }
        };
    Subscription asking = bus.subscribe(64, recorder);
    assertTrue(sink.wantsDetail());
    assertTrue(EventSink.tee(EventSink.none(), sink, new JfrSink()).wantsDetail());
    assertFalse(EventSink.tee(new JfrSink(), new JfrSink()).wantsDetail());
    EventSink.tee(sink, new JfrSink()).emit(detail);
    sink.emit(plain);
    bus.close();
    assertEquals(List.of(plain), shown);
    assertEquals(List.of(detail, plain), recorded);
    assertFalse(sink.wantsDetail(), "the bus is closed");
    assertFalse(asking.isOpen());
  }

  @Test
  void isEnabledOnlyWhileSomebodyConsumes() {
    EventBus bus = new EventBus(64);
    EventSink sink = bus.source(ENGINE);
    assertTrue(sink.enabled(), "the caller drains");
    bus.start();
    assertFalse(sink.enabled(), "nobody subscribed");
    Subscription subscription = bus.subscribe(16);
    assertTrue(sink.enabled());
    assertThrows(IllegalStateException.class, () -> bus.drain(event -> {}, 1));
    subscription.close();
    assertFalse(sink.enabled());
    bus.close();
    assertFalse(sink.enabled());
    sink.emit(mark(0, 0));
    assertEquals(0, bus.dropped(), "nothing is counted as lost after the end");
    assertThrows(IllegalStateException.class, () -> bus.subscribe(16));
  }

  @Test
  void manyThreadsLoseNothingUncounted() throws InterruptedException {
    int threads = 4;
    int each = 20_000;
    EventBus bus = new EventBus(256);
    EventSink sink = bus.source(ENGINE);
    List<StampedEvent> seen = new ArrayList<>();
    Subscription subscription = bus.subscribe(1 << 17, seen::add);
    bus.start();
    List<Thread> emitters = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int id = t;
      emitters.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  sink.emit(mark(id, i));
                }
              }));
    }
    for (Thread emitter : emitters) {
      emitter.join();
    }
    bus.close();

    assertEquals((long) threads * each, seen.size() + bus.dropped() + subscription.dropped());
    assertEquals(0, subscription.dropped());
    long sequence = 0;
    Map<Long, Long> last = new HashMap<>();
    for (StampedEvent stamped : seen) {
      assertTrue(stamped.sequence() > sequence, "sequence grows");
      sequence = stamped.sequence();
      CompactionEvent.Progress progress = (CompactionEvent.Progress) stamped.event();
      Long before = last.put(progress.jobId(), progress.bytesDone());
      assertTrue(before == null || before < progress.bytesDone(), "a thread's own order holds");
    }
  }

  @Test
  void slowSubscriberLosesForItselfOnly() throws InterruptedException {
    int events = 2_000;
    EventBus bus = new EventBus(4096);
    EventSink sink = bus.source(ENGINE);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger slowSeen = new AtomicInteger();
    AtomicInteger fastSeen = new AtomicInteger();
    Subscription slow =
        bus.subscribe(
            8,
            event -> {
              await(release);
              slowSeen.incrementAndGet();
            });
    Subscription fast = bus.subscribe(4096, event -> fastSeen.incrementAndGet());
    bus.start();
    for (int i = 0; i < events; i++) {
      sink.emit(mark(0, i));
    }
    while (fastSeen.get() < events) {
      Thread.sleep(1);
    }
    assertEquals(0, slowSeen.get(), "the slow one still sleeps");
    release.countDown();
    bus.close();

    assertEquals(0, bus.dropped());
    assertEquals(0, fast.dropped());
    assertEquals(events, slowSeen.get() + slow.dropped());
    assertTrue(slow.dropped() >= events - 8 - 1, "at most its queue and the one in hand");
  }

  @Test
  void throwingListenerIsCountedAndStaysSubscribed() {
    EventBus bus = new EventBus(64);
    AtomicInteger seen = new AtomicInteger();
    Subscription bad =
        bus.subscribe(
            64,
            event -> {
              if (seen.incrementAndGet() == 1) {
                throw new IllegalStateException("thrown on purpose by a test");
              }
            });
    bus.start();
    bus.source(ENGINE).emit(mark(0, 0));
    bus.source(ENGINE).emit(mark(0, 1));
    bus.close();
    assertEquals(2, seen.get());
    assertEquals(1, bad.failures());
    assertFalse(bad.isOpen());
  }

  /** It is asked on the thread that serves all of them. */
  @Test
  void aListenerThatThrowsWhenAskedKeepsNothingFromTheOthers() {
    VizEvent detail = new RandomEvents(1).next(DecisionEvent.Looked.class);
    EventBus bus = new EventBus(64);
    Subscription bad =
        bus.subscribe(
            64,
            new EventListener() {
              @Override
              public boolean wantsDetail() {
                Thread.currentThread().interrupt();
                throw new NoClassDefFoundError("thrown on purpose by a test");
              }

              @Override
              public void accept(StampedEvent event) {
                EventBusTest.<RuntimeException>sneak(new Exception("thrown on purpose by a test"));
              }
            });
    List<VizEvent> seen = new CopyOnWriteArrayList<>();
    EventListener good =
        new EventListener() {
          @Override
          public boolean wantsDetail() {
            return true;
          }

          @Override
          public void accept(StampedEvent event) {
            seen.add(event.event());
          }
        };
    bus.subscribe(64, good);
    bus.start();
    EventSink sink = bus.source(ENGINE);
    assertTrue(sink.wantsDetail());
    for (VizEvent event : List.of(detail, mark(0, 1), detail)) {
      sink.emit(event);
    }
    bus.close();
    assertEquals(List.of(detail, mark(0, 1), detail), seen);
    assertTrue(bad.failures() >= 3, "asked twice, told once");
    assertTrue(Thread.interrupted(), "asked here too, above");
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void oneSinkOfATeeThatThrowsKeepsNothingFromTheOthers() {
    EventSink bad =
        new EventSink() {
          @Override
          public boolean enabled() {
            EventBusTest.<RuntimeException>sneak(new Exception("thrown on purpose by a test"));
            return true;
          }

          @Override
          public boolean wantsDetail() {
            throw new NoClassDefFoundError("thrown on purpose by a test");
          }

          @Override
          public long dropped() {
            throw new IllegalStateException("thrown on purpose by a test");
          }

          @Override
          public void emit(VizEvent event) {}
        };
    EventBus bus = new EventBus(2);
    EventSink tee = EventSink.tee(bad, bus.source(ENGINE));
    assertTrue(tee.enabled());
    assertFalse(tee.wantsDetail());
    assertThrows(IllegalStateException.class, () -> tee.emit(mark(0, 1)), "told, afterwards");
    List<StampedEvent> seen = new ArrayList<>();
    assertEquals(1, bus.drain(seen::add, 10));
    assertEquals(0, tee.dropped());
  }

  @Test
  void pollingWaitsAndEndsWithTheBus() throws InterruptedException {
    EventBus bus = new EventBus(64);
    Subscription subscription = bus.subscribe(64);
    bus.start();
    assertNull(subscription.poll(TimeUnit.MILLISECONDS.toNanos(5)));
    Thread emitter = Thread.ofPlatform().start(() -> bus.source(ENGINE).emit(mark(0, 7)));
    assertNotNull(subscription.poll(TimeUnit.SECONDS.toNanos(20)));
    emitter.join();
    Thread closer = Thread.ofPlatform().start(bus::close);
    assertNull(subscription.poll(TimeUnit.SECONDS.toNanos(20)));
    closer.join();
    assertFalse(subscription.isOpen());
  }

  @Test
  void teeSkipsTheSilentAndIsEnabledByAny() {
    assertSame(EventSink.none(), EventSink.tee(EventSink.none(), EventSink.none()));
    EventBus one = new EventBus(8);
    EventBus two = new EventBus(8);
    EventSink tee = EventSink.tee(EventSink.none(), one.source(ENGINE), two.source(BENCH));
    one.close();
    assertTrue(tee.enabled());
    tee.emit(mark(0, 1));
    List<StampedEvent> seen = new ArrayList<>();
    assertEquals(0, one.drain(seen::add, 10));
    assertEquals(1, two.drain(seen::add, 10));
    two.close();
    assertFalse(tee.enabled());
    assertFalse(Observer.none().events().enabled());
    assertTrue(Observer.none().withEvents(new EventBus(8).source(ENGINE)).events().enabled());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
