package dev.atll.viz.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.atll.viz.web.RawHttp.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers may try, and what they get. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestGuardTest {
  private static final String JSON_TYPE = "Content-Type: application/json";

  private final RecordedControls controls = new RecordedControls();
  private DashboardServer server;
  private int port;

  @BeforeAll
  void start() {
    server =
        DashboardServer.start(
            DashboardOptions.defaults().withControls(controls).withMetrics(() -> "up 1\n"));
    port = server.port();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    controls.calls.clear();
  }

  private String token() {
    return RequestGuard.TOKEN_HEADER + ": " + server.token();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "127.0.0.1",
        "localhost",
        "localhost:1",
        "127.0.0.1:PORT.evil.example",
        "127.0.0.1.evil.example:PORT",
        "localhost:PORT@evil.example",
        "0.0.0.0:PORT",
        "127.0.0.2:PORT",
        "",
        " "
      })
  void foreignHostsAreRefusedEverywhere(String host) throws IOException {
    String header = "Host: " + host.replace("PORT", Integer.toString(port));
    for (String path : List.of("/", "/state", "/events", "/metrics", "/control")) {
      int status = RawHttp.get(port, path, header).status();
      assertTrue(status == 421 || status == 400, path + " answered " + status);
    }
    Answer answer = RawHttp.post(port, "/control/burst", "{}", header, JSON_TYPE, token());
    assertTrue(answer.status() == 421 || answer.status() == 400, "" + answer.status());
    assertEquals(List.of(), controls.calls);
  }

  @Test
  void twoHostsOrNoneAreRefused() throws IOException {
    String own = "Host: 127.0.0.1:" + port;
    assertNotEquals(200, RawHttp.get(port, "/", own, "Host: evil.example").status());
    Answer none = RawHttp.send(port, "GET /state HTTP/1.0\r\n\r\n");
    assertNotEquals(200, none.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:", "localhost:", "LocalHost:", "[::1]:"})
  void ownNamesAreAnswered(String host) throws IOException {
    assertEquals(200, RawHttp.get(port, "/", "Host: " + host + port).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "http://evil.example",
        "https://127.0.0.1:PORT",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:PORT.evil.example"
      })
  void foreignOriginsAreRefused(String origin) throws IOException {
    String header = "Origin: " + origin.replace("PORT", Integer.toString(port));
    assertEquals(403, RawHttp.get(port, "/state", header).status());
    assertEquals(403, RawHttp.get(port, "/events", header).status());
    Answer answer = RawHttp.post(port, "/control/burst", "{}", header, JSON_TYPE, token());
    assertEquals(403, answer.status());
    assertEquals(List.of(), controls.calls);
  }

  @Test
  void foreignPagesWithoutOriginAreRefused() throws IOException {
    assertEquals(403, RawHttp.get(port, "/state", "Sec-Fetch-Site: cross-site").status());
    assertEquals(403, RawHttp.get(port, "/state", "Sec-Fetch-Site: same-site").status());
    assertEquals(200, RawHttp.get(port, "/state", "Sec-Fetch-Site: same-origin").status());
  }

  @Test
  void controlsNeedTheToken() throws IOException {
    String wrong = RequestGuard.TOKEN_HEADER + ": " + "0".repeat(server.token().length());
    String empty = RequestGuard.TOKEN_HEADER + ":";
    assertEquals(403, RawHttp.post(port, "/control/burst", "{}", JSON_TYPE).status());
    assertEquals(403, RawHttp.post(port, "/control/burst", "{}", JSON_TYPE, wrong).status());
    assertEquals(403, RawHttp.post(port, "/control/burst", "{}", JSON_TYPE, empty).status());
    assertEquals(
        403, RawHttp.post(port, "/control/burst?token=" + server.token(), "{}", JSON_TYPE).status());
    assertEquals(List.of(), controls.calls);
    assertEquals(200, RawHttp.post(port, "/control/burst", "{}", JSON_TYPE, token()).status());
    assertEquals(List.of("burst"), controls.calls);
  }

  @Test
  void nothingServedHoldsTheToken() throws IOException {
    for (String path : List.of("/", "/state", "/control", "/metrics", "/slot?level=1&slot=1")) {
      Answer answer = RawHttp.get(port, path);
      assertFalse(answer.body().contains(server.token()), path);
      assertFalse(answer.head().contains(server.token()), path);
    }
  }

  @Test
  void controlsCheckWhatTheyAreGiven() throws IOException {
    record Try(String path, String body, int status) {}
    for (Try t :
        List.of(
            new Try("policy", "{\"name\":\"leveled\"}", 200),
            new Try("policy", "{\"name\":\"unknown\"}", 400),
            new Try("policy", "{\"name\":7}", 400),
            new Try("policy", "{}", 400),
            new Try("policy", "[]", 400),
            new Try("policy", "not json", 400),
            new Try("policy", "{\"name\":\"" + "x".repeat(65) + "\"}", 400),
            new Try("policy", "{\"name\":\"" + "x".repeat(5000) + "\"}", 413),
            new Try("workload", "{\"name\":\"scan\"}", 200),
            new Try("workload", "{\"name\":\"broken\"}", 500),
            new Try("hot-range", "{\"low\":0.1,\"high\":0.4}", 200),
            new Try("hot-range", "{\"low\":0.4,\"high\":0.1}", 400),
            new Try("hot-range", "{\"low\":-1,\"high\":0.1}", 400),
            new Try("hot-range", "{\"low\":0,\"high\":1.1}", 400),
            new Try("rate", "{\"opsPerSecond\":1000}", 200),
            new Try("rate", "{\"opsPerSecond\":1e7}", 400),
            new Try("rate", "{\"opsPerSecond\":-1}", 400))) {
      Answer answer = RawHttp.post(port, "/control/" + t.path, t.body, JSON_TYPE, token());
      assertEquals(t.status, answer.status(), t.path + " " + t.body + ": " + answer.body());
      assertFalse(answer.body().contains("secret"), "failures tell no details");
    }
    assertEquals(
        List.of("policy leveled", "workload scan", "hot 0.1 0.4", "rate 1000.0"), controls.calls);
    assertEquals(
        415, RawHttp.post(port, "/control/burst", "{}", "Content-Type: text/plain", token()).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../pom.xml",
        "/../../../../../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/js/../../web/DashboardServer.class",
        "/js/..%5c..%5cpom.xml",
        "/./index.html",
        "//index.html",
        "/index.html/",
        "/index.html%00.js",
        "/web/DashboardServer.class",
        "/js",
        "/js/",
        "/nothing.js",
        "/.hidden.js",
        "/control/",
        "/control/unknown",
        "/file:///etc/passwd"
      })
  void pathsOutsideThePageAreUnknown(String path) throws IOException {
    Answer answer = RawHttp.get(port, path);
    assertTrue(answer.status() == 404 || answer.status() == 400, path + ": " + answer.status());
    assertFalse(answer.body().contains("root:"));
  }

  @Test
  void methodsAreFixed() throws IOException {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")) {
      String request = RawHttp.request(method, port, "/state", "", token());
      Answer answer = RawHttp.send(port, request);
      assertEquals(405, answer.status(), method);
      assertTrue(answer.head().contains("Allow: GET, HEAD"), answer.head());
      assertFalse(answer.head().contains("Access-Control"), answer.head());
    }
    Answer answer = RawHttp.get(port, "/control/burst", token());
    assertEquals(405, answer.status());
    assertEquals(List.of(), controls.calls);
  }

  @Test
  void everyAnswerIsProtected() throws IOException {
    for (String path : List.of("/", "/state", "/control", "/metrics", "/none")) {
      String head = RawHttp.get(port, path).head().toLowerCase(java.util.Locale.ROOT);
      assertTrue(head.contains("content-security-policy: default-src 'none';"), path);
      assertFalse(head.contains("unsafe"), path);
      assertTrue(head.contains("x-content-type-options: nosniff"), path);
      assertTrue(head.contains("x-frame-options: deny"), path);
      assertTrue(head.contains("cross-origin-resource-policy: same-origin"), path);
    }
  }

  @Test
  void headHasNoBody() throws IOException {
    Answer answer = RawHttp.send(port, RawHttp.request("HEAD", port, "/", ""));
    assertEquals(200, answer.status());
    assertEquals("", answer.body());
  }

  @Test
  void metricsAreServedAsText() throws IOException {
    Answer answer = RawHttp.get(port, "/metrics");
    assertEquals("up 1\n", answer.body());
    assertTrue(answer.head().contains("text/plain; version=0.0.4"), answer.head());
  }

  @Test
  void tokensDiffer() {
    assertNotEquals(new RequestGuard(1).token(), new RequestGuard(1).token());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/slot?level=1&slot=0&level=2",
        "/slot?level=99999999999&slot=0",
        "/slot?level=-1&slot=0",
        "/slot?level=x&slot=0",
        "/slot?level=1",
        "/slot",
        "/past?segment=1e3",
        "/past?segment=-1",
        "/past?segment=",
        "/events?a&b&c&d&e&f&g&h&i",
        "/slot?level=%31%zz&slot=0"
      })
  void parametersThatMakeNoSenseAreRefused(String path) throws IOException {
    assertEquals(400, RawHttp.get(port, path).status());
  }

  @Test
  void unknownPathsAndMethodsAreTold() throws IOException {
    for (String path :
        List.of("/nothing", "/past?segment=9", "/state?run=7", "/slot?level=1&slot=9")) {
      assertEquals(404, RawHttp.get(port, path).status(), path);
    }
    assertEquals(404, RawHttp.post(port, "/control/nothing", "{}", JSON_TYPE, token()).status());
    for (String method : List.of("PUT", "DELETE", "OPTIONS", "PATCH")) {
      Answer answer = RawHttp.send(port, RawHttp.request(method, port, "/state", ""));
      assertEquals(405, answer.status(), method);
      assertTrue(answer.head().contains("Allow: GET, HEAD"), answer.head());
    }
    for (String path : List.of("/", "/state", "/past", "/metrics", "/events", "/control")) {
      Answer head = RawHttp.send(port, RawHttp.request("HEAD", port, path, ""));
      assertEquals(200, head.status(), path);
      assertEquals("", head.body(), path);
      assertTrue(head.head().contains("Content-type: "), head.head());
    }
  }

  @Test
  void typesAndSizesOfBodiesAreChecked() throws IOException {
    for (String type : List.of("application/jsonp", "text/plain", "application/json5; a=b")) {
      Answer answer =
          RawHttp.post(port, "/control/burst", "{}", "Content-Type: " + type, token());
      assertEquals(415, answer.status(), type);
    }
    Answer answer =
        RawHttp.post(
            port, "/control/burst", "{}", "Content-Type: Application/JSON; charset=utf-8", token());
    assertEquals(200, answer.status());
    String huge = "{\"name\":\"" + "x".repeat(100_000) + "\"}";
    assertEquals(413, RawHttp.post(port, "/control/policy", huge, JSON_TYPE, token()).status());
    for (String rate : List.of("NaN", "-1", "1e999", "\"5\"", "null", "[]")) {
      String body = "{\"opsPerSecond\":" + rate + "}";
      Answer refused = RawHttp.post(port, "/control/rate", body, JSON_TYPE, token());
      assertEquals(400, refused.status(), rate);
    }
    assertEquals(List.of("burst"), controls.calls);
  }
}
