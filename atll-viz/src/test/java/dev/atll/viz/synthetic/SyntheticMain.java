package dev.atll.viz.synthetic;

import dev.atll.viz.web.DashboardOptions;
import dev.atll.viz.web.DashboardServer;

/** Serves the dashboard over a modelled store: {@code SyntheticMain [port [seconds [deepest]]]}. */
final class SyntheticMain {
  private static final long STEP_NANOS = 20_000_000;

  private SyntheticMain() {}

  public static void main(String[] args) throws InterruptedException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
    long seconds = args.length > 1 ? Long.parseLong(args[1]) : Long.MAX_VALUE / 1_000;
    int deepest = args.length > 2 ? Integer.parseInt(args[2]) : 4;
    SyntheticControls controls = new SyntheticControls();
    DashboardOptions options =
        DashboardOptions.defaults().withPort(port).withTitle("demo").withControls(controls);
    try (DashboardServer server = DashboardServer.start(options)) {
      SyntheticEngine engine = new SyntheticEngine(server.sink(), 7, deepest, 12, 3);
      controls.drive(engine, server.sink());
      System.out.println(server.controlUri());
      engine.open(System.currentTimeMillis());
      long begin = System.nanoTime();
      while (engine.now() < seconds * 1_000_000_000L) {
        controls.grantWishes();
        engine.step(STEP_NANOS);
        long aheadNanos = engine.now() - (System.nanoTime() - begin);
        if (aheadNanos > 0) {
          Thread.sleep(aheadNanos / 1_000_000);
        }
      }
    }
  }
}
