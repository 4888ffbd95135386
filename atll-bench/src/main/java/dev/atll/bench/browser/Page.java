package dev.atll.bench.browser;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One page of a browser. Safe for one thread. */
public final class Page implements AutoCloseable {
  private static final int ERRORS_MAX = 20;

  private final DevTools tools;
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final AtomicLong wireBytes = new AtomicLong();
  private boolean closed;

  Page(DevTools tools) throws IOException {
    this.tools = tools;
    tools.onEvent(this::hear);
    tools.send("Page.enable", Map.of());
    tools.send("Runtime.enable", Map.of());
    tools.send("Log.enable", Map.of());
    tools.send("Network.enable", Map.of());
  }

  private void hear(String event, Map<String, Object> params) {
    switch (event) {
      case "Runtime.exceptionThrown" -> {
        Map<String, Object> details = DevTools.object(params.get("exceptionDetails"));
        Object thrown = DevTools.object(details.get("exception")).get("description");
        note("exception: " + (thrown == null ? details.get("text") : thrown));
      }
      case "Runtime.consoleAPICalled" -> {
        if ("error".equals(params.get("type")) || "assert".equals(params.get("type"))) {
          note("console: " + params.get("args"));
        }
      }
      case "Log.entryAdded" -> {
        Map<String, Object> entry = DevTools.object(params.get("entry"));
        if ("error".equals(entry.get("level"))) {
          note("log: " + entry.get("text") + " " + entry.get("url"));
        }
      }
      case "Network.dataReceived" -> {
        if (params.get("encodedDataLength") instanceof Number length) {
          wireBytes.addAndGet(length.longValue());
        }
      }
      default -> {}
    }
  }

  private void note(String error) {
    if (errors.size() < ERRORS_MAX) {
      errors.add(error);
    }
  }

  /**
   * Loads an address and waits until the document is there.
   *
   * @param address what to load
   * @throws IOException if it cannot be loaded
   */
  public void open(URI address) throws IOException {
    Map<String, Object> result = tools.send("Page.navigate", Map.of("url", address.toString()));
    if (result.get("errorText") != null) {
      throw new IOException(address + ": " + result.get("errorText"));
    }
    waitFor("document.readyState === 'complete'", 30_000);
  }

  /**
   * Evaluates JavaScript; a promise is waited for.
   *
   * @param expression what to evaluate
   * @return its value as JSON types, null for undefined
   * @throws IOException if it throws, or the browser does not answer
   */
  public @Nullable Object evaluate(String expression) throws IOException {
    Map<String, Object> answer =
        tools.send(
            "Runtime.evaluate",
            Map.of(
                "expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.get("exceptionDetails") != null) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return DevTools.object(answer.get("result")).get("value");
  }

  /**
   * Waits until an expression is true.
   *
   * @param condition JavaScript
   * @param millisMax the longest wait
   * @throws IOException if it stays false
   */
  public void waitFor(String condition, long millisMax) throws IOException {
    long endNanos = System.nanoTime() + millisMax * 1_000_000;
    while (!Boolean.TRUE.equals(evaluate("Boolean(" + condition + ")"))) {
      if (System.nanoTime() > endNanos) {
        throw new IOException("not true within " + millisMax + " ms: " + condition);
      }
      Chromium.pause();
    }
  }

  /**
   * Sets the size of the window and how dense its pixels are.
   *
   * @param width CSS pixels
   * @param height CSS pixels
   * @param density device pixels for each, above 0
   * @param phone whether to behave as a phone
   * @throws IOException if the browser does not answer
   */
  public void resize(int width, int height, double density, boolean phone) throws IOException {
    tools.send(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", density, "mobile", phone));
  }

  /**
   * Sets what the viewer prefers.
   *
   * @param dark dark colours, else light ones
   * @param calm reduced motion
   * @throws IOException if the browser does not answer
   */
  public void prefer(boolean dark, boolean calm) throws IOException {
    tools.send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of(
                    "name", "prefers-reduced-motion", "value", calm ? "reduce" : "no-preference"))));
  }

  /**
   * Presses and lets go of a key.
   *
   * @param key as in a key event, such as {@code ArrowLeft} or {@code m}
   * @throws IOException if the browser does not answer
   */
  public void press(String key) throws IOException {
    String code = key.length() == 1 ? "Key" + key.toUpperCase(Locale.ROOT) : key;
    boolean printed = key.length() == 1;
    tools.send(
        "Input.dispatchKeyEvent",
        printed
            ? Map.of("type", "keyDown", "key", key, "text", key, "code", code)
            : Map.of("type", "rawKeyDown", "key", key, "code", code));
    tools.send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", code));
  }

  /**
   * Moves the mouse, and clicks if asked.
   *
   * @param x CSS pixels from the left of the window
   * @param y CSS pixels from its top
   * @param click whether to press and let go
   * @throws IOException if the browser does not answer
   */
  public void mouse(double x, double y, boolean click) throws IOException {
    tools.send("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
    if (click) {
      for (String type : List.of("mousePressed", "mouseReleased")) {
        tools.send(
            "Input.dispatchMouseEvent",
            Map.of("type", type, "x", x, "y", y, "button", "left", "clickCount", 1));
      }
    }
  }

  /**
   * Takes a picture.
   *
   * @param file where the PNG goes
   * @param whole the whole page, else only what the window shows
   * @throws IOException if it cannot be taken or written
   */
  public void screenshot(Path file, boolean whole) throws IOException {
    Map<String, Object> shot =
        tools.send(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
    Files.write(file, Base64.getDecoder().decode(String.valueOf(shot.get("data"))));
  }

  /**
   * Memory that the page's objects hold, after a collection.
   *
   * @return bytes of the JavaScript heap in use
   * @throws IOException if the browser does not answer
   */
  public long heapBytes() throws IOException {
    tools.send("HeapProfiler.collectGarbage", Map.of());
    Object used = tools.send("Runtime.getHeapUsage", Map.of()).get("usedSize");
    return used instanceof Number number ? number.longValue() : 0;
  }

  /**
   * What went wrong on the page: exceptions, errors on its console, requests that failed.
   *
   * @return a copy of the first ones, oldest first
   */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  /**
   * Bytes that came over the wire, compressed as they were.
   *
   * @return a count that only grows
   */
  public long wireBytes() {
    return wireBytes.get();
  }

  /** Closes the tab: an open one keeps its connections, of which a browser has six to a server. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      tools.send("Page.close", Map.of());
    } catch (IOException e) {
      // The browser is gone, and the tab with it.
    }
    tools.close();
  }
}
