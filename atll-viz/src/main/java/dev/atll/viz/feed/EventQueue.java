package dev.atll.viz.feed;

import dev.atll.observe.EventSink;
import dev.atll.observe.event.VizEvent;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard's entrance: takes events from any thread and drops and counts those it has no room
 * for, so that a slow dashboard can never slow the engine. Passes over detail, which a recording may
 * hold. One thread may take events out.
 */
final class EventQueue implements EventSink {
  private final MpscVarHandleArrayQueue<VizEvent> queue;
  private final LongAdder dropped = new LongAdder();
  private volatile boolean open = true;

  EventQueue(int capacity) {
    this.queue = new MpscVarHandleArrayQueue<>(capacity);
  }

  @Override
  public boolean enabled() {
    return open;
  }

  @Override
  public void emit(VizEvent event) {
    if (open && !event.isDetail() && !queue.offer(event)) {
      dropped.increment();
    }
  }

  @Nullable VizEvent poll() {
    return queue.poll();
  }

  @Override
  public long dropped() {
    return dropped.sum();
  }

  void close() {
    open = false;
  }
}
