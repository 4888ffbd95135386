package dev.atll.observe.json;

import dev.atll.observe.StampedEvent;
import dev.atll.observe.event.Label;
import dev.atll.observe.event.VizEvent;
import dev.atll.observe.json.JsonParser.Num;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into lines of JSON and back.
 *
 * <p>The format has a major and a minor version. A reader refuses another major version. A newer
 * minor version may add event types, members and values, and drop types that no engine sent: types
 * and values that a reader does not know make an {@link TraceRecord.Unknown}, members are ignored. Members that an older minor version lacks are
 * read as zero, NaN, false, empty, {@code none} or the first value. Within the same minor version
 * everything is strict.
 *
 * <p>An instance is for one thread at a time; it re-uses its buffer.
 */
public final class EventCodec {
  /** Raised when a reader of the old format could misread the new one. */
  public static final int MAJOR = 1;

  /** Raised when types, members or values are added, or types dropped. */
  public static final int MINOR = 3;

  private static final Map<String, RecordPlan> BY_NAME = new LinkedHashMap<>();

  private static final ClassValue<RecordPlan> BY_CLASS =
      new ClassValue<>() {
        @Override
        protected RecordPlan computeValue(Class<?> type) {
          return RecordPlan.of(typeName(type), type);
        }
      };

  static {
    for (Class<?> group : VizEvent.class.getPermittedSubclasses()) {
      for (Class<?> event : group.getPermittedSubclasses()) {
        RecordPlan plan = BY_CLASS.get(event);
        BY_NAME.put(plan.name(), plan);
      }
    }
  }

  private final JsonWriter out = new JsonWriter();
  private final int minor;

  /** A codec of the present version. */
  public EventCodec() {
    this(MINOR);
  }

  /** A codec that takes itself for another minor version, to test the rules between versions. */
  EventCodec(int minor) {
    this.minor = minor;
  }

  /**
   * The names of all event types, such as {@code Wal.Synced}.
   *
   * @return an immutable set
   */
  public static Set<String> typeNames() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /**
   * The name of an event's type: its group without "Event", a dot, and its own name.
   *
   * @param type a class of event
   * @return the name used in traces
   */
  public static String typeName(Class<?> type) {
    Class<?> group = type.getDeclaringClass();
    if (group == null || !VizEvent.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException("not an event: " + type);
    }
    String groupName = group.getSimpleName();
    return groupName.substring(0, groupName.length() - "Event".length())
        + "."
        + type.getSimpleName();
  }

  /**
   * Writes an event as one JSON object without line end. The text is ASCII.
   *
   * @param stamped the event
   * @return the object
   */
  public String encode(StampedEvent stamped) {
    out.clear();
    write(out, stamped);
    return out.toString();
  }

  static void write(JsonWriter out, StampedEvent stamped) {
    RecordPlan plan = BY_CLASS.get(stamped.event().getClass());
    out.raw("{\"src\":");
    out.quoted(stamped.source().value());
    out.raw(",\"seq\":");
    out.integer(stamped.sequence());
    out.raw(",\"type\":");
    out.quoted(plan.name());
    plan.write(out, stamped.event(), false);
    out.raw('}');
  }

  /**
   * Reads an event that this version wrote.
   *
   * @param line one JSON object
   * @return the event
   * @throws TraceFormatException if the line is anything else
   */
  public StampedEvent decode(String line) throws TraceFormatException {
    return switch (decode(line, minor)) {
      case TraceRecord.Known known -> known.stamped();
      case TraceRecord.Unknown unknown ->
          throw new TraceFormatException("unknown event type " + unknown.type());
    };
  }

  /**
   * Reads one line of a file whose header names a minor version.
   *
   * @param line one JSON object
   * @param fileMinor the minor version of the file
   * @return the event, or the line itself if another version wrote something unknown
   * @throws TraceFormatException if the line breaks the format
   */
  TraceRecord decode(String line, int fileMinor) throws TraceFormatException {
    Map<String, Object> members = JsonParser.parseObject(line);
    Label source = label(members.remove("src"));
    long sequence = sequence(members.remove("seq"));
    if (!(members.remove("type") instanceof String type)) {
      throw new TraceFormatException("\"type\" should be a text");
    }
    boolean newer = fileMinor > minor;
    RecordPlan plan = BY_NAME.get(type);
    if (plan == null) {
      // A newer version may have added the type, this one may have dropped an older one's.
      if (fileMinor != minor) {
        return new TraceRecord.Unknown(source, sequence, type, line);
      }
      throw new TraceFormatException("unknown event type " + type);
    }
    try {
      VizEvent event = (VizEvent) plan.read(members, fileMinor < minor, newer);
      return new TraceRecord.Known(new StampedEvent(source, sequence, event));
    } catch (UnknownConstantException e) {
      if (newer) {
        return new TraceRecord.Unknown(source, sequence, type, line);
      }
      throw new TraceFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Label label(@Nullable Object member) throws TraceFormatException {
    if (member instanceof String text) {
      try {
        return Label.of(text);
      } catch (IllegalArgumentException e) {
        throw new TraceFormatException("\"src\": " + e.getMessage(), e);
      }
    }
    throw new TraceFormatException("\"src\" should be a label, found " + member);
  }

  private static long sequence(@Nullable Object member) throws TraceFormatException {
    try {
      if (member instanceof Num number) {
        return Long.parseLong(number.text());
      } else if (member instanceof String text) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      // Falls through to the message below.
    }
    throw new TraceFormatException("\"seq\" should be an integer, found " + member);
  }
}
