package dev.atll.viz.web;

import com.sun.net.httpserver.HttpServer;
import dev.atll.observe.EventSink;
import dev.atll.observe.event.VizEvent;
import dev.atll.viz.feed.FrameFeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The live dashboard: a page on the loopback interface that shows the tree as its events tell it.
 *
 * <p>Hand {@link #sink} to whatever emits events, an engine or a replayed recording. The sink never
 * blocks: what the dashboard cannot take in time is dropped and counted, and the page says so. All
 * methods are safe for any thread.
 */
public final class DashboardServer implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final HttpServer http;
  private final ExecutorService workers;
  private final List<FrameFeed> feeds;
  private final RequestGuard guard;
  private final WriteWatch watch;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DashboardServer(
      HttpServer http,
      ExecutorService workers,
      List<FrameFeed> feeds,
      RequestGuard guard,
      WriteWatch watch) {
    this.http = http;
    this.workers = workers;
    this.feeds = feeds;
    this.guard = guard;
    this.watch = watch;
  }

  /**
   * Starts a dashboard on its own threads.
   *
   * @param options where and with what
   * @return the running server; close it to free the port
   * @throws UncheckedIOException if the port cannot be had
   */
  public static DashboardServer start(DashboardOptions options) {
    return start(options, EventStream.WRITE_MILLIS_MAX);
  }

  static DashboardServer start(DashboardOptions options, long writeMillisMax) {
    HttpServer http;
    try {
      InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
      http = HttpServer.create(new InetSocketAddress(loopback, options.port()), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("no dashboard on port " + options.port(), e);
    }
    RequestGuard guard = new RequestGuard(http.getAddress().getPort());
    List<FrameFeed> feeds = new ArrayList<>();
    for (String run : options.runs()) {
      String title = options.runs().size() > 1 ? run : options.title();
      feeds.add(new FrameFeed(title, options.recorded()));
    }
    WriteWatch watch = new WriteWatch(writeMillisMax);
    EventStream events = new EventStream(List.copyOf(feeds), watch);
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("atll-viz-", 0).factory());
    http.setExecutor(workers);
    http.createContext(
        "/",
        new Router(
            guard,
            new ControlHandler(options.controls(), guard),
            events,
            options.metricsText(),
            feeds.size() > 1 ? "/beside.html" : "/index.html"));
    feeds.forEach(FrameFeed::start);
    http.start();
    return new DashboardServer(http, workers, List.copyOf(feeds), guard, watch);
  }

  /**
   * Where events go in.
   *
   * @return a sink that never blocks and is enabled until the server is closed
   */
  public EventSink sink() {
    return sink(0);
  }

  /**
   * Where the events of one of several runs go in.
   *
   * @param run its place among {@link DashboardOptions#runs}
   * @return a sink that never blocks and is enabled until the server is closed
   */
  public EventSink sink(int run) {
    return feeds.get(run).sink();
  }

  /**
   * Takes the next event of a recording; for servers {@link DashboardOptions#forRecordings}. Viewers
   * are shown the recording once it is {@link #loaded}.
   *
   * @param run its place among {@link DashboardOptions#runs}
   * @param event events come in the order in which they were recorded
   */
  public void load(int run, VizEvent event) {
    feeds.get(run).load(event);
  }

  /** All recordings are complete. */
  public void loaded() {
    feeds.forEach(FrameFeed::loaded);
  }

  /**
   * The TCP port in use.
   *
   * @return 1 to 65535
   */
  public int port() {
    return http.getAddress().getPort();
  }

  /**
   * The page, for looking on.
   *
   * @return an http address on loopback
   */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  /**
   * The page with the right to use the controls. The token is in the fragment, which browsers do
   * not send; print this address to the person who started the run.
   *
   * @return an http address on loopback
   */
  public URI controlUri() {
    return URI.create(uri() + "#token=" + guard.token());
  }

  /**
   * What every POST must carry in its {@code X-Atll-Token} header.
   *
   * @return a random text, new for each server
   */
  public String token() {
    return guard.token();
  }

  /**
   * Events that came faster than they could be folded.
   *
   * @return a count that only grows
   */
  public long eventsDropped() {
    return feeds.stream().mapToLong(FrameFeed::eventsDropped).sum();
  }

  /**
   * Events that came after the frame they belong to; a replay of a recording differs there.
   *
   * @return a count that only grows
   */
  public long eventsLate() {
    return feeds.stream().mapToLong(FrameFeed::eventsLate).sum();
  }

  /**
   * Viewers connected now.
   *
   * @return at least 0
   */
  public int viewers() {
    return feeds.stream().mapToInt(FrameFeed::viewers).sum();
  }

  /** Ends all connections and frees the port. Further events are ignored. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      feeds.forEach(FrameFeed::close);
      watch.close();
      http.stop(0);
      workers.shutdownNow();
    }
  }
}
