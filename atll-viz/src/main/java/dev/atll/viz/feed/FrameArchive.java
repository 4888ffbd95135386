package dev.atll.viz.feed;

import dev.atll.viz.model.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the last hour, so that a viewer can go back.
 *
 * <p>They lie in segments of some seconds, each a key picture and the deltas after it, compressed.
 * When they take more than they may, the oldest segments are first reduced to their key pictures and
 * then forgotten; those older than the span are forgotten at once. Guarded by the feed's lock.
 */
final class FrameArchive {
  static final long SEGMENT_MILLIS = 10_000;
  private static final int SEGMENT_CHARACTERS_MAX = 1 << 20;

  private final long spanMillisMax;
  private final long bytesMax;
  private final Deque<Segment> closed = new ArrayDeque<>();
  private final List<String> deltas = new ArrayList<>();
  private @Nullable String key;
  private long openNumber;
  private long openFromMillis;
  private long lastMillis;
  private int openCharacters;
  private long bytes;

  /** Deltas are null once they were given up for space; arrays are never changed. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Segment(
      long number, long fromMillis, long toMillis, byte[] key, byte @Nullable [] deltas) {
    long bytes() {
      return key.length + (deltas == null ? 0L : deltas.length);
    }
  }

  /** What a frame is after which a new segment begins. */
  interface KeyPicture {
    String write();
  }

  FrameArchive(long spanMillisMax, long bytesMax) {
    this.spanMillisMax = spanMillisMax;
    this.bytesMax = bytesMax;
  }

  /** Takes a delta that was just cut; the key picture is asked for if a segment begins here. */
  void add(Frame delta, long nowMillis, KeyPicture picture) {
    lastMillis = nowMillis;
    if (key != null) {
      deltas.add(delta.json());
      openCharacters += delta.json().length();
      if (nowMillis - openFromMillis < SEGMENT_MILLIS && openCharacters < SEGMENT_CHARACTERS_MAX) {
        return;
      }
      close();
    }
    key = picture.write();
    openNumber++;
    openFromMillis = nowMillis;
    openCharacters = key.length();
    deltas.clear();
  }

  /** The first moment that can be shown; the last one if there is none yet. */
  long fromMillis() {
    return closed.isEmpty() ? openFromMillis : closed.getFirst().fromMillis;
  }

  /** All segments, oldest first: number, from, to, and whether it still has its deltas. */
  void writeIndex(Json json) {
    json.name("from").value(fromMillis()).name("to").value(lastMillis).name("bytes").value(bytes);
    json.name("segments").array();
    for (Segment s : closed) {
      json.array().value(s.number).value(s.fromMillis).value(s.toMillis);
      json.value(s.deltas != null).endArray();
    }
    if (key != null) {
      json.array().value(openNumber).value(openFromMillis).value(lastMillis).value(true).endArray();
    }
    json.endArray();
  }

  /** A JSON array of the segment's frames, the key picture first; null if it is not there. */
  @Nullable String segment(long number) {
    if (number == openNumber && key != null) {
      return array(key, String.join(",", deltas));
    }
    for (Segment s : closed) {
      if (s.number == number) {
        return array(inflate(s.key), s.deltas == null ? "" : inflate(s.deltas));
      }
    }
    return null;
  }

  /** What the closed segments take. */
  long bytes() {
    return bytes;
  }

  private static String array(String key, String deltas) {
    return deltas.isEmpty() ? "[" + key + "]" : "[" + key + "," + deltas + "]";
  }

  private void close() {
    String picture = key;
    if (picture == null) {
      return;
    }
    Segment segment =
        new Segment(
            openNumber,
            openFromMillis,
            lastMillis,
            deflate(picture),
            deflate(String.join(",", deltas)));
    closed.addLast(segment);
    bytes += segment.bytes();
    while (!closed.isEmpty() && lastMillis - closed.getFirst().toMillis > spanMillisMax) {
      bytes -= closed.removeFirst().bytes();
    }
    if (bytes > bytesMax) {
      reduce();
    }
  }

  // Down to nine tenths, so that this is not done for every segment.
  private void reduce() {
    long goal = bytesMax - bytesMax / 10;
    List<Segment> kept = new ArrayList<>();
    for (Segment s : closed) {
      if (bytes > goal && s.deltas != null) {
        bytes -= s.deltas.length;
        kept.add(new Segment(s.number, s.fromMillis, s.toMillis, s.key, null));
      } else {
        kept.add(s);
      }
    }
    closed.clear();
    closed.addAll(kept);
    while (bytes > goal && !closed.isEmpty()) {
      bytes -= closed.removeFirst().bytes();
    }
  }

  private static byte[] deflate(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(text.length() / 6 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("memory is no disk", e);
    }
    return packed.toByteArray();
  }

  private static String inflate(byte[] packed) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("memory is no disk", e);
    }
  }
}
