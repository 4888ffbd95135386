package dev.atll.viz.web;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads a stream of server-sent events, as a browser does. */
final class SseReader implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;

  /** One message: its id and what it says. */
  record Message(String event, String id, String data) {
    Map<String, Object> json() throws IOException {
      return JSON.std.mapFrom(data);
    }
  }

  SseReader(int port) throws IOException {
    this(port, "/events");
  }

  SseReader(int port, String path, String... headers) throws IOException {
    socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
    socket.setSoTimeout(5_000);
    String request = RawHttp.request("GET", port, path, "", headers);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    InputStream raw = socket.getInputStream();
    String head = readHead(raw);
    if (!head.startsWith("HTTP/1.1 200")) {
      throw new IOException(head);
    }
    InputStream body = head.contains("chunked") ? new ChunkedInput(raw) : raw;
    if (head.contains("gzip")) {
      // It claims that more is available whenever the stream has not ended, for which a reader then
      // waits.
      body =
          new GZIPInputStream(body) {
            @Override
            public int available() {
              return 0;
            }
          };
    }
    in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  private static String readHead(InputStream raw) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = raw.read();
      if (c < 0) {
        throw new IOException("ended within the head: " + head);
      }
      head.append((char) c);
    }
    return head.toString();
  }

  /** The next message of any kind. */
  Message next() throws IOException {
    String event = "message";
    String id = "";
    StringBuilder data = new StringBuilder();
    while (true) {
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the stream ended");
      }
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          return new Message(event, id, data.toString());
        }
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      }
    }
  }

  /** The next frame; beats are passed over. */
  Message frame() throws IOException {
    Message message = next();
    while (!message.event.equals("message")) {
      message = next();
    }
    return message;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Takes the chunks of HTTP off. */
  private static final class ChunkedInput extends InputStream {
    private final InputStream raw;
    private int left;

    ChunkedInput(InputStream raw) {
      this.raw = raw;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0 && !nextChunk()) {
        return -1;
      }
      int count = raw.read(into, offset, Math.min(length, left));
      if (count > 0) {
        left -= count;
        if (left == 0) {
          raw.readNBytes(2);
        }
      }
      return count;
    }

    private boolean nextChunk() throws IOException {
      StringBuilder size = new StringBuilder();
      for (int c = raw.read(); c != '\n'; c = raw.read()) {
        if (c < 0) {
          return false;
        }
        if (c != '\r') {
          size.append((char) c);
        }
      }
      left = Integer.parseInt(size.toString(), 16);
      return left > 0;
    }
  }
}
