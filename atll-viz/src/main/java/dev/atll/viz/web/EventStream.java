package dev.atll.viz.web;

import com.sun.net.httpserver.HttpExchange;
import dev.atll.viz.feed.Frame;
import dev.atll.viz.feed.FrameFeed;
import dev.atll.viz.feed.Viewer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Streams frames as server-sent events. */
final class EventStream {
  // So often the page hears from us even if nothing happens; it counts on it.
  private static final long BEAT_MILLIS = 1_000;
  /** How long one write may take before its viewer is dropped. */
  static final long WRITE_MILLIS_MAX = 10_000;

  private static final int GZIP_BUFFER_BYTES = 4096;

  private final List<FrameFeed> feeds;
  private final WriteWatch watch;

  EventStream(List<FrameFeed> feeds, WriteWatch watch) {
    this.feeds = feeds;
    this.watch = watch;
  }

  /** The whole picture now. */
  void state(HttpExchange exchange) throws IOException {
    FrameFeed feed = feed(exchange);
    if (feed != null) {
      Responses.json(exchange, 200, feed.fullJson());
    }
  }

  /** What can be shown of the past, or with {@code ?segment=3} the frames of one segment. */
  void past(HttpExchange exchange) throws IOException {
    FrameFeed feed = feed(exchange);
    if (feed == null) {
      return;
    }
    Query query = query(exchange);
    if (query.text("segment") == null) {
      Responses.json(exchange, 200, feed.pastJson());
      return;
    }
    String json = feed.pastSegment(query.number("segment", Long.MAX_VALUE));
    if (json == null) {
      Responses.error(exchange, 404, "no such segment");
    } else {
      Responses.packed(exchange, json, wantsGzip(exchange));
    }
  }

  // Which of the runs the query asks for; answers by itself if there is none such.
  private @Nullable FrameFeed feed(HttpExchange exchange) throws IOException {
    String run = query(exchange).text("run");
    for (int i = 0; i < feeds.size(); i++) {
      if (run == null || run.equals(Integer.toString(i))) {
        return feeds.get(i);
      }
    }
    Responses.error(exchange, 404, "no such run");
    return null;
  }

  /** One slot with its recent past, as the query asks: {@code ?level=1&slot=7}. */
  void slot(HttpExchange exchange) throws IOException {
    FrameFeed feed = feed(exchange);
    if (feed == null) {
      return;
    }
    Query query = query(exchange);
    String json =
        feed.slotJson(
            (int) query.number("level", Integer.MAX_VALUE),
            (int) query.number("slot", Integer.MAX_VALUE));
    if (json == null) {
      Responses.error(exchange, 404, "no such slot");
    } else {
      Responses.json(exchange, 200, json);
    }
  }

  void serve(HttpExchange exchange) throws IOException {
    FrameFeed feed = feed(exchange);
    if (feed == null) {
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    // The page reconnects by itself and cannot set headers then, so it may use the query.
    String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    Viewer viewer = feed.join(last != null ? last : query(exchange).text("last"));
    if (viewer == null) {
      exchange.getResponseHeaders().set("Retry-After", "5");
      Responses.error(exchange, 503, "too many viewers");
      return;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
      boolean gzip = wantsGzip(exchange);
      if (gzip) {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      }
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out =
          gzip
              ? new GZIPOutputStream(exchange.getResponseBody(), GZIP_BUFFER_BYTES, true)
              : exchange.getResponseBody()) {
        pump(feed, viewer, out);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      feed.leave(viewer);
    }
  }

  private void pump(FrameFeed feed, Viewer viewer, OutputStream out)
      throws IOException, InterruptedException {
    write(out, "retry: 1000\n\n");
    while (viewer.isOpen()) {
      Frame frame = viewer.next(BEAT_MILLIS);
      if (frame != null) {
        write(out, "id: " + feed.eventId(frame) + "\ndata: " + frame.json() + "\n\n");
      } else if (viewer.isOpen()) {
        write(out, "event: beat\ndata: {}\n\n");
      }
    }
    write(out, "event: bye\ndata: {}\n\n");
  }

  private void write(OutputStream out, String text) throws IOException {
    watch.begin();
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } finally {
      watch.end();
    }
  }

  private static boolean wantsGzip(HttpExchange exchange) {
    return ContentCoding.wantsGzip(exchange.getRequestHeaders().get("Accept-Encoding"));
  }

  private static Query query(HttpExchange exchange) {
    return Query.parse(exchange.getRequestURI().getRawQuery());
  }
}
