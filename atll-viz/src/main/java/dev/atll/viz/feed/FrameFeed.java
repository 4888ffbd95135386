package dev.atll.viz.feed;

import dev.atll.observe.EventSink;
import dev.atll.observe.SafeLog;
import dev.atll.observe.event.VizEvent;
import dev.atll.viz.model.DashboardState;
import dev.atll.viz.model.Json;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Folds events into the picture and tells the viewers, at most 20 times a second.
 *
 * <p>Time is cut into stretches of 50 ms by the events' own clock. A frame tells what the events of
 * one stretch changed; it is cut when the first event of a later one comes, or when none comes for a
 * moment. So a recording of the same events, in the same order, gives the same frames, however fast
 * it is played. One thread takes the events out of the queue, folds them under the lock, and writes
 * each frame once for all viewers. Emitters only ever touch the queue, viewers only their own end,
 * so neither can hold up the other.
 */
public final class FrameFeed implements AutoCloseable {
  private static final SafeLog LOG = SafeLog.of("dev.atll.viz");
  /** The shortest time between two frames. */
  public static final long FRAME_MILLIS = 50;

  /** More viewers than this are turned away. */
  public static final int VIEWERS_MAX = 32;

  private static final int QUEUE_CAPACITY = 1 << 15;
  // Ten seconds: a viewer that reconnects within them gets exactly what it missed.
  private static final int REMEMBERED_FRAMES = 200;
  // Folding yields now and then, so that a flood of events cannot keep readers off the lock.
  private static final int EVENTS_PER_FOLD = 1 << 15;
  // So long after its first event was folded a frame is cut, though no later event came: the
  // stretch itself, and three times as much for events that are still on their way. A store tells
  // its figures every 250 ms, so that this much only matters on a machine that has no time.
  private static final long CUT_NANOS = 4 * FRAME_MILLIS * 1_000_000;
  private static final long LIVE_SPAN_MILLIS = 3_600_000;
  private static final long LIVE_BYTES_MAX = 48L << 20;
  private static final long RECORDED_SPAN_MILLIS = 24 * 3_600_000L;
  private static final long RECORDED_BYTES_MAX = 256L << 20;

  private final String title;
  private final LongSupplier nanoTime;
  private final String epoch;
  private final EventQueue queue = new EventQueue(QUEUE_CAPACITY);
  private final CopyOnWriteArrayList<Viewer> viewers = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  // Guarded by lock, as are the fields below.
  private final DashboardState state = new DashboardState();
  private final Deque<Frame> remembered = new ArrayDeque<>();
  private final boolean recorded;
  private final FrameArchive archive;
  private long frameId;
  private long droppedTold;
  // The stretch whose events are being folded, and the latest that any event belonged to.
  private long stretch;
  private long eventStretch;
  private boolean folded;
  private long foldedNanos;
  private long lateEvents;
  private volatile boolean open = true;
  private @Nullable Thread thread;

  /**
   * A feed that waits for {@link #start}, or for calls of {@link #tick}.
   *
   * @param title what the page calls the store
   * @param recorded whether it shows a recording, given by {@link #load}, instead of live events
   */
  public FrameFeed(String title, boolean recorded) {
    this(title, recorded, System::nanoTime);
  }

  /** As {@link #FrameFeed(String, boolean)}, with a clock that says when a frame has to be cut. */
  FrameFeed(String title, boolean recorded, LongSupplier nanoTime) {
    this.title = title;
    this.nanoTime = nanoTime;
    this.recorded = recorded;
    this.epoch = Long.toHexString(new SecureRandom().nextLong());
    this.archive =
        recorded
            ? new FrameArchive(RECORDED_SPAN_MILLIS, RECORDED_BYTES_MAX)
            : new FrameArchive(LIVE_SPAN_MILLIS, LIVE_BYTES_MAX);
  }

  /** Starts the thread that ticks. */
  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().name("atll-viz-feed").daemon().start(this::run);
    }
  }

  /**
   * Where events go in.
   *
   * @return a sink that never blocks
   */
  public EventSink sink() {
    return queue;
  }

  /** Folds what waits and tells the viewers, if it is time to. */
  public void tick() {
    synchronized (lock) {
      for (int i = 0; i < EVENTS_PER_FOLD; i++) {
        VizEvent event = queue.poll();
        if (event == null) {
          break;
        }
        fold(event);
      }
      if (folded && nanoTime.getAsLong() - foldedNanos >= CUT_NANOS) {
        cut();
        stretch++;
      } else if (!folded && queue.dropped() != droppedTold) {
        writeFrame();
      }
      if (!folded) {
        feedHungry();
      }
    }
  }

  /**
   * Takes the next event of a recording. Viewers are told nothing before {@link #loaded}, but find
   * its frames in the archive.
   *
   * @param event events come in the order in which they were recorded
   */
  public void load(VizEvent event) {
    synchronized (lock) {
      fold(event);
    }
  }

  /** The recording is complete: whoever looks gets the picture at its end. */
  public void loaded() {
    synchronized (lock) {
      cut();
      viewers.forEach(Viewer::fallBehind);
    }
  }

  private void fold(VizEvent event) {
    if (event.isDetail()) {
      // Told only to those who ask, such as a recorder: a live picture knows nothing of it.
      return;
    }
    long place = state.placeOf(event) / FRAME_MILLIS;
    eventStretch = Math.max(eventStretch, place);
    if (eventStretch < stretch) {
      // Its frame was cut without it, which a recording would not have done.
      lateEvents++;
    } else if (eventStretch > stretch) {
      cut();
      stretch = eventStretch;
    }
    if (!folded) {
      folded = true;
      foldedNanos = nanoTime.getAsLong();
    }
    state.apply(event);
  }

  private void cut() {
    if (!folded) {
      return;
    }
    folded = false;
    if (state.dirty()) {
      writeFrame();
    }
    feedHungry();
  }

  private void writeFrame() {
    droppedTold = queue.dropped();
    frameId++;
    Json json = head("delta");
    state.writeDelta(json);
    Frame frame = new Frame(frameId, json.endObject().toString());
    archive.add(frame, state.nowMillis(), this::keyJson);
    if (recorded) {
      return;
    }
    remembered.addLast(frame);
    if (remembered.size() > REMEMBERED_FRAMES) {
      remembered.removeFirst();
    }
    viewers.forEach(viewer -> viewer.offer(frame));
  }

  // Only between frames: a delta says what changed since the one before it.
  private void feedHungry() {
    List<Frame> full = null;
    for (Viewer viewer : viewers) {
      if (viewer.hungry()) {
        full = full == null ? List.of(fullFrame()) : full;
        viewer.begin(full);
      }
    }
  }

  /**
   * Puts a new viewer on the line.
   *
   * @param lastEventId the {@link #eventId} of the last frame it saw, or null; if all frames after
   *     it are still known it gets those, else the full picture first
   * @return the viewer, or null if there are too many; {@link #leave} takes it off again
   */
  public @Nullable Viewer join(@Nullable String lastEventId) {
    synchronized (lock) {
      if (!open || viewers.size() >= VIEWERS_MAX) {
        return null;
      }
      Viewer viewer = new Viewer();
      List<Frame> missed = missedSince(lastEventId);
      if (missed != null) {
        viewer.begin(missed);
      }
      viewers.add(viewer);
      return viewer;
    }
  }

  /**
   * Takes a viewer off the line.
   *
   * @param viewer one that {@link #join} gave
   */
  public void leave(Viewer viewer) {
    viewers.remove(viewer);
    viewer.close();
  }

  /**
   * The whole picture now.
   *
   * @return a JSON object
   */
  public String fullJson() {
    synchronized (lock) {
      return fullFrame().json();
    }
  }

  /**
   * One slot with its recent past.
   *
   * @param level the level
   * @param slot place within the level
   * @return a JSON object, or null if there is no such slot
   */
  public @Nullable String slotJson(int level, int slot) {
    synchronized (lock) {
      return state.slotJson(level, slot);
    }
  }

  /**
   * What of the past can be shown.
   *
   * @return a JSON object: the first and the last moment in milliseconds, and the segments between
   */
  public String pastJson() {
    synchronized (lock) {
      Json json = new Json().object().name("epoch").value(epoch).name("recorded").value(recorded);
      json.name("late").value(lateEvents);
      archive.writeIndex(json);
      return json.endObject().toString();
    }
  }

  /**
   * A segment of the past.
   *
   * @param number as the index names it
   * @return a JSON array of frames, the first a picture of its beginning, the others deltas; or
   *     null if there is no such segment (any more)
   */
  public @Nullable String pastSegment(long number) {
    synchronized (lock) {
      return archive.segment(number);
    }
  }

  /**
   * Events that came after the frame they belong to; a replay of a recording differs there.
   *
   * @return a count that only grows
   */
  public long eventsLate() {
    synchronized (lock) {
      return lateEvents;
    }
  }

  /**
   * What a viewer repeats when it comes back.
   *
   * @param frame a frame of this feed
   * @return a short text
   */
  public String eventId(Frame frame) {
    return epoch + "-" + frame.id();
  }

  /**
   * Events lost because they came faster than they could be folded.
   *
   * @return a count that only grows
   */
  public long eventsDropped() {
    return queue.dropped();
  }

  /**
   * Viewers on the line.
   *
   * @return at least 0
   */
  public int viewers() {
    return viewers.size();
  }

  /** Takes no more events and sends all viewers home. */
  @Override
  public void close() {
    queue.close();
    synchronized (lock) {
      open = false;
      viewers.forEach(Viewer::close);
      viewers.clear();
    }
    Thread ticking;
    synchronized (this) {
      ticking = thread;
    }
    if (ticking != null) {
      LockSupport.unpark(ticking);
    }
  }

  private void run() {
    long nextNanos = System.nanoTime();
    while (open) {
      long waitNanos = nextNanos - System.nanoTime();
      if (waitNanos > 0) {
        LockSupport.parkNanos(this, waitNanos);
        continue;
      }
      nextNanos = System.nanoTime() + FRAME_MILLIS * 1_000_000;
      try {
        tick();
      } catch (Throwable e) {
        // No memory for one frame must not end all that would come after.
        LOG.log(System.Logger.Level.ERROR, () -> "a frame failed", e);
      }
    }
  }

  private Frame fullFrame() {
    Json json = head("full").name("epoch").value(epoch).name("title").value(title);
    json.name("recorded").value(recorded).name("past").value(archive.fromMillis());
    state.writeFull(json);
    return new Frame(frameId, json.endObject().toString());
  }

  private String keyJson() {
    Json json = head("key");
    state.writeKey(json);
    return json.endObject().toString();
  }

  private Json head(String type) {
    Json json = new Json().object().name("type").value(type).name("id").value(frameId);
    return json.name("dropped").value(queue.dropped());
  }

  private @Nullable List<Frame> missedSince(@Nullable String lastEventId) {
    if (lastEventId == null || !lastEventId.startsWith(epoch + "-")) {
      return null;
    }
    long last;
    try {
      last = Long.parseLong(lastEventId.substring(epoch.length() + 1));
    } catch (NumberFormatException e) {
      return null;
    }
    if (last > frameId || frameId - last > Math.min(remembered.size(), Viewer.WAITING_MAX)) {
      return null;
    }
    List<Frame> missed = new ArrayList<>();
    for (Frame frame : remembered) {
      if (frame.id() > last) {
        missed.add(frame);
      }
    }
    return missed;
  }
}
