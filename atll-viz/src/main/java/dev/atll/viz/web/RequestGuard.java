package dev.atll.viz.web;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides whether a request may be answered at all.
 *
 * <p>The server listens on loopback, but any web page open in a browser on this machine can send
 * requests there. A page of a foreign name that resolves to loopback (DNS rebinding) is caught by
 * the Host header, a page of a foreign origin by the Origin header and by the token, which it
 * cannot read. The token also keeps other users of the machine from the controls.
 */
final class RequestGuard {
  static final String TOKEN_HEADER = "X-Atll-Token";
  private static final int TOKEN_BYTES = 24;

  private final Set<String> hosts;
  private final Set<String> origins;
  private final String token;

  RequestGuard(int port) {
    this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
    this.origins =
        Set.of("http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::1]:" + port);
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    this.token = HexFormat.of().formatHex(bytes);
  }

  String token() {
    return token;
  }

  /** Whether exactly one Host header names this server. */
  boolean hostAllowed(Headers headers) {
    List<String> values = headers.get("Host");
    return values != null
        && values.size() == 1
        && hosts.contains(values.getFirst().toLowerCase(Locale.ROOT));
  }

  /** Whether the request comes from our own page, or from no page at all. */
  boolean originAllowed(Headers headers) {
    List<String> values = headers.get("Origin");
    if (values == null || values.isEmpty()) {
      // Browsers that leave out Origin on plain reads still tell of a foreign page here.
      String site = headers.getFirst("Sec-Fetch-Site");
      return site == null || site.equals("same-origin") || site.equals("none");
    }
    return values.size() == 1 && origins.contains(values.getFirst().toLowerCase(Locale.ROOT));
  }

  /** Whether the request carries the token; takes the same time for every wrong one. */
  boolean tokenAllowed(Headers headers) {
    String given = headers.getFirst(TOKEN_HEADER);
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }
}
