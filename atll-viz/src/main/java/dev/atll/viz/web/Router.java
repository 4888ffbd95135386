package dev.atll.viz.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.atll.observe.SafeLog;
import dev.atll.viz.web.StaticFiles.StaticFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends each request that the guard lets through to what answers it. */
final class Router implements HttpHandler {
  private static final SafeLog LOG = SafeLog.of("dev.atll.viz");

  private final RequestGuard guard;
  private final StaticFiles files = new StaticFiles();
  private final ControlHandler controls;
  private final EventStream events;
  private final @Nullable Supplier<String> metricsText;
  private final String front;

  /** The front page is {@code front}. */
  Router(
      RequestGuard guard,
      ControlHandler controls,
      EventStream events,
      @Nullable Supplier<String> metricsText,
      String front) {
    this.guard = guard;
    this.controls = controls;
    this.events = events;
    this.metricsText = metricsText;
    this.front = front;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      Responses.protect(exchange);
      if (!guard.hostAllowed(exchange.getRequestHeaders())) {
        Responses.error(exchange, 421, "this server answers under its loopback names only");
      } else if (!guard.originAllowed(exchange.getRequestHeaders())) {
        Responses.error(exchange, 403, "requests from other sites are refused");
      } else {
        route(exchange);
      }
    } catch (BadRequestException e) {
      Responses.error(exchange, 400, e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, () -> "a request failed", e);
      if (exchange.getResponseCode() >= 0) {
        // The answer has begun; a broken connection is all that can still be told.
        throw e;
      }
      Responses.error(exchange, 500, "the request failed");
    } finally {
      exchange.close();
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    if (path == null) {
      Responses.error(exchange, 404, "no such page");
      return;
    }
    String control = path.startsWith("/control/") ? path.substring("/control/".length()) : "";
    if (ControlHandler.known(control)) {
      if (method.equals("POST")) {
        controls.turn(exchange, control);
      } else {
        refuseMethod(exchange, "POST");
      }
    } else if (method.equals("GET") || method.equals("HEAD")) {
      read(exchange, path);
    } else if (path.startsWith("/control/")) {
      Responses.error(exchange, 404, "no such control");
    } else {
      refuseMethod(exchange, "GET, HEAD");
    }
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/events" -> events.serve(exchange);
      case "/state" -> events.state(exchange);
      case "/past" -> events.past(exchange);
      case "/slot" -> events.slot(exchange);
      case "/control" -> controls.read(exchange);
      case "/metrics" -> metrics(exchange);
      case "/" -> file(exchange, front);
      default -> file(exchange, path);
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    if (metricsText == null) {
      Responses.error(exchange, 404, "no meter is connected");
      return;
    }
    Responses.send(
        exchange,
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        metricsText.get().getBytes(StandardCharsets.UTF_8));
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    StaticFile file = files.find(path);
    if (file == null) {
      Responses.error(exchange, 404, "no such page");
    } else {
      Responses.send(exchange, 200, file.type(), file.bytes());
    }
  }

  private static void refuseMethod(HttpExchange exchange, String allowed) throws IOException {
    exchange.getResponseHeaders().set("Allow", allowed);
    Responses.error(exchange, 405, "method not allowed");
  }
}
