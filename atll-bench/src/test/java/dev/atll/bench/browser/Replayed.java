package dev.atll.bench.browser;

import dev.atll.observe.json.NdjsonReader;
import dev.atll.observe.json.TraceRecord;
import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** A recording on a dashboard. */
final class Replayed implements AutoCloseable {
  private final DashboardServer server;

  private Replayed(DashboardServer server) {
    this.server = server;
  }

  static Replayed of(Path recording) throws IOException {
    DashboardServer server = DashboardServer.start(DashboardOptions.defaults().forRecordings());
    try (NdjsonReader reader = NdjsonReader.open(recording)) {
      for (TraceRecord next = reader.next(); next != null; next = reader.next()) {
        if (next instanceof TraceRecord.Known event) {
          server.load(0, event.stamped().event());
        }
      }
    }
    server.loaded();
    return new Replayed(server);
  }

  URI page() {
    return server.uri();
  }

  @Override
  public void close() {
    server.close();
  }
}
