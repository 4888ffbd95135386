package dev.atll.engine;

import dev.atll.api.CorruptionException;
import dev.atll.observe.event.CorruptionCause;
import dev.atll.observe.event.CorruptionEvent;
import java.util.regex.Pattern;

/** Tells of damage by the exception that found it. */
final class DamageNews {
  // The exceptions say in words what is wrong; events may carry no text, so it is told by its kind.
  private static final Pattern MISSING = Pattern.compile("missing");
  private static final Pattern TRUNCATED =
      Pattern.compile(
          "truncated|shorter|bytes long|cut off|not whole|ends at|is on disk|was on disk"
              + "|no whole|cannot be read|unreadable");
  private static final Pattern CHECKSUM = Pattern.compile("checksum");
  private static final Pattern ORDER = Pattern.compile("order|follows|second header|out of place");
  private static final Pattern COUNT = Pattern.compile("entries|add up|digest|count");

  private DamageNews() {}

  static CorruptionEvent.Detected of(CorruptionException damage, long nowNanos) {
    StoreFiles.Named file = StoreFiles.named(damage.file());
    return new CorruptionEvent.Detected(
        nowNanos, file.kind(), file.number(), damage.offset(), cause(damage));
  }

  private static CorruptionCause cause(CorruptionException damage) {
    String what = String.valueOf(damage.getMessage());
    if (MISSING.matcher(what).find()) {
      return CorruptionCause.MISSING;
    } else if (CHECKSUM.matcher(what).find()) {
      return CorruptionCause.CHECKSUM;
    } else if (TRUNCATED.matcher(what).find()) {
      return CorruptionCause.TRUNCATED;
    } else if (ORDER.matcher(what).find()) {
      return CorruptionCause.ORDER;
    }
    return COUNT.matcher(what).find() ? CorruptionCause.COUNT : CorruptionCause.FORMAT;
  }
}
