package dev.atll.bench.browser;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks the Chrome DevTools protocol: numbered commands out, answers and
 * events in, as JSON texts on a WebSocket.
 */
final class DevTools implements WebSocket.Listener, AutoCloseable {
  private static final long ANSWER_SECONDS_MAX = 60;

  private final AtomicInteger commands = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Map<String, Object>>> waiting =
      new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<BiConsumer<String, Map<String, Object>>> listeners =
      new CopyOnWriteArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;

  private DevTools() {}

  static DevTools connect(HttpClient http, URI address) throws IOException {
    DevTools tools = new DevTools();
    try {
      tools.socket =
          http.newWebSocketBuilder()
              .buildAsync(address, tools)
              .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no connection to the browser's page", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting", e);
    }
    return tools;
  }

  /** Calls back with the name and the parameters of every event, on the connection's thread. */
  void onEvent(BiConsumer<String, Map<String, Object>> listener) {
    listeners.add(listener);
  }

  /** Sends a command and waits for its result. */
  Map<String, Object> send(String method, Map<String, ?> params) throws IOException {
    int id = commands.incrementAndGet();
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    WebSocket open = socket;
    if (open == null) {
      throw new IOException("not connected");
    }
    String command =
        JSON.std.asString(Map.of("id", id, "method", method, "params", params));
    try {
      open.sendText(command, true).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
      return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the browser did not do " + method, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the browser did " + method, e);
    } finally {
      waiting.remove(id);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      String message = text.toString();
      text.setLength(0);
      receive(message);
    }
    from.request(1);
    return null;
  }

  private void receive(String message) {
    Map<String, Object> parsed;
    try {
      parsed = JSON.std.mapFrom(message);
    } catch (IOException e) {
      throw new IllegalStateException("the browser sent no JSON", e);
    }
    if (parsed.get("id") instanceof Integer id) {
      CompletableFuture<Map<String, Object>> answer = waiting.get(id);
      if (answer == null) {
        return;
      }
      if (parsed.get("error") != null) {
        answer.completeExceptionally(new IOException(String.valueOf(parsed.get("error"))));
      } else {
        answer.complete(object(parsed.get("result")));
      }
    } else {
      String method = String.valueOf(parsed.get("method"));
      Map<String, Object> params = object(parsed.get("params"));
      listeners.forEach(listener -> listener.accept(method, params));
    }
  }

  /** A JSON object as a map; empty for anything else. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> ? (Map<String, Object>) value : Map.of();
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }
}
