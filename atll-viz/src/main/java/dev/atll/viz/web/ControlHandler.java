package dev.atll.viz.web;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import dev.atll.observe.SafeLog;
import dev.atll.viz.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;

/** The demonstration's controls: reading them is free, turning them needs the token. */
final class ControlHandler {
  private static final int BODY_BYTES_MAX = 4096;
  private static final long DRAINED_BYTES_MAX = 1 << 20;
  private static final SafeLog LOG = SafeLog.of("dev.atll.viz");

  private final DemoControls controls;
  private final RequestGuard guard;

  ControlHandler(DemoControls controls, RequestGuard guard) {
    this.controls = controls;
    this.guard = guard;
  }

  void read(HttpExchange exchange) throws IOException {
    Responses.json(exchange, 200, stateJson());
  }

  void turn(HttpExchange exchange, String name) throws IOException {
    if (!guard.tokenAllowed(exchange.getRequestHeaders())) {
      Responses.error(exchange, 403, "the token is missing or wrong");
      return;
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !isJson(type)) {
      Responses.error(exchange, 415, "the body must be application/json");
      return;
    }
    byte[] body = readBody(exchange);
    if (body.length > BODY_BYTES_MAX) {
      Responses.error(exchange, 413, "the body is too large");
      return;
    }
    try {
      apply(name, JSON.std.mapFrom(body));
      Responses.json(exchange, 200, stateJson());
    } catch (IllegalArgumentException | IOException e) {
      String message = e instanceof IllegalArgumentException ? e.getMessage() : "not JSON";
      Responses.error(exchange, 400, message == null ? "refused" : message);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, () -> "control " + name + " failed", e);
      Responses.error(exchange, 500, "the control failed");
    }
  }

  private static boolean isJson(String type) {
    int parameters = type.indexOf(';');
    String media = parameters < 0 ? type : type.substring(0, parameters);
    return media.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  static boolean known(String name) {
    return switch (name) {
      case "policy", "workload", "hot-range", "rate", "burst" -> true;
      default -> false;
    };
  }

  private void apply(String name, Map<String, Object> body) {
    switch (name) {
      case "policy" -> controls.setPolicy(text(body, "name"));
      case "workload" -> controls.setWorkload(text(body, "name"));
      case "hot-range" -> setHotRange(number(body, "low"), number(body, "high"));
      case "rate" -> setRate(number(body, "opsPerSecond"));
      case "burst" -> controls.burst();
      default -> throw new IllegalArgumentException("no such control");
    }
  }

  private void setHotRange(double low, double high) {
    if (!(low >= 0 && low < high && high <= 1)) {
      throw new IllegalArgumentException("a hot range needs 0 <= low < high <= 1");
    }
    controls.setHotRange(low, high);
  }

  private void setRate(double opsPerSecond) {
    double max = controls.state().rateMax();
    if (!(opsPerSecond >= 0 && opsPerSecond <= max)) {
      throw new IllegalArgumentException("the rate must be between 0 and " + max);
    }
    controls.setRate(opsPerSecond);
  }

  private static String text(Map<String, Object> body, String name) {
    if (body.get(name) instanceof String text && !text.isEmpty() && text.length() <= 64) {
      return text;
    }
    throw new IllegalArgumentException(name + " must be a text of 1 to 64 characters");
  }

  private static double number(Map<String, Object> body, String name) {
    if (body.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(name + " must be a number");
  }

  private static byte[] readBody(HttpExchange exchange) throws IOException {
    try (InputStream in = exchange.getRequestBody()) {
      byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
      if (body.length > BODY_BYTES_MAX) {
        // A connection that is closed with bytes unread is reset, and the answer lost with it.
        in.skip(DRAINED_BYTES_MAX);
      }
      return body;
    }
  }

  private String stateJson() {
    DemoControls.State state = controls.state();
    Json json = new Json().object();
    json.name("available").value(state.available());
    json.name("policies").array();
    state.policies().forEach(json::value);
    json.endArray().name("policy").value(state.policy());
    json.name("workloads").array();
    state.workloads().forEach(json::value);
    json.endArray().name("workload").value(state.workload());
    json.name("hotLow").value(state.hotLowFraction(), 6);
    json.name("hotHigh").value(state.hotHighFraction(), 6);
    json.name("rate").value(state.rate(), 3);
    json.name("rateMax").value(state.rateMax(), 3);
    return json.endObject().toString();
  }
}
