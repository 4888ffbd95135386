package dev.atll.bench.browser;

import com.fasterxml.jackson.jr.ob.JSON;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The frames that a dashboard keeps of its past. */
final class Frames {
  private Frames() {}

  /** All of them in order, each as JSON, key pictures included. */
  static List<String> of(URI page) throws Exception {
    List<String> frames = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Map<String, Object> index = JSON.std.mapFrom(get(http, page.resolve("/past")));
      for (Object segment : (List<?>) index.get("segments")) {
        Object number = ((List<?>) segment).getFirst();
        String body = get(http, page.resolve("/past?segment=" + number));
        for (Object frame : JSON.std.listFrom(body)) {
          frames.add(JSON.std.asString(frame));
        }
      }
    }
    return frames;
  }

  private static String get(HttpClient http, URI address) throws Exception {
    return http.send(
            HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
