package dev.atll.viz.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.atll.viz.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Answers with the headers every answer carries. */
final class Responses {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Responses() {}

  static void protect(HttpExchange exchange) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
    }
    // -1 means no body at all, 0 would mean a body of unknown length.
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  static void json(HttpExchange exchange, int status, String body) throws IOException {
    send(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with JSON, compressed if the caller takes it. */
  static void packed(HttpExchange exchange, String body, boolean gzip) throws IOException {
    exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
    if (!gzip) {
      json(exchange, 200, body);
      return;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length() / 6 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    send(exchange, 200, "application/json", packed.toByteArray());
  }

  static void error(HttpExchange exchange, int status, String message) throws IOException {
    json(
        exchange,
        status,
        new Json().object().name("error").value(message).endObject().toString());
  }
}
