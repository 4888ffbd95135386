package dev.atll.observe.json;

import dev.atll.observe.json.JsonParser.Num;
import java.util.Map;

/**
 * The first line of every part of a trace.
 *
 * @param major major version of the format
 * @param minor minor version of the format
 * @param part number of the part, from 1
 */
record TraceHeader(int major, int minor, long part) {

  void write(JsonWriter out) {
    out.raw("{\"trace\":\"atll\",\"major\":");
    out.integer(major);
    out.raw(",\"minor\":");
    out.integer(minor);
    out.raw(",\"part\":");
    out.integer(part);
    out.raw("}\n");
  }

  static TraceHeader parse(String line) throws TraceFormatException {
    Map<String, Object> members = JsonParser.parseObject(line);
    if (!"atll".equals(members.get("trace"))) {
      throw new TraceFormatException("not a trace: the first line has no \"trace\":\"atll\"");
    }
    long major = number(members, "major");
    long minor = number(members, "minor");
    if (major != EventCodec.MAJOR) {
      throw new TraceFormatException(
          "trace format " + major + "." + minor + ", this reads " + EventCodec.MAJOR + ".x");
    }
    return new TraceHeader((int) major, (int) minor, number(members, "part"));
  }

  private static long number(Map<String, Object> members, String key) throws TraceFormatException {
    if (members.get(key) instanceof Num number && number.text().matches("[0-9]{1,9}")) {
      return Long.parseLong(number.text());
    }
    throw new TraceFormatException("header: \"" + key + "\" should be a number");
  }
}
