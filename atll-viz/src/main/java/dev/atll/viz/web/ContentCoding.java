package dev.atll.viz.web;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which content coding a client wants, by RFC 9110, section 12.5.3. */
final class ContentCoding {
  // A weight is 0 or 1 with up to three decimals.
  private static final Pattern MEMBER =
      Pattern.compile(
          "([!#$%&'*+.^_`|~0-9a-z-]+)(?:[ \\t]*;[ \\t]*q=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?");

  private ContentCoding() {}

  /**
   * Whether an answer should be gzipped: the client takes gzip, and does not like it plain better.
   *
   * @param headers all values of {@code Accept-Encoding}, null for none
   */
  static boolean wantsGzip(@Nullable List<String> headers) {
    if (headers == null) {
      return false;
    }
    double gzip = -1;
    double identity = -1;
    double others = 0;
    for (String member : String.join(",", headers).toLowerCase(Locale.ROOT).split(",", -1)) {
      Matcher matcher = MEMBER.matcher(member.strip());
      if (!matcher.matches()) {
        // What is malformed is no wish.
        continue;
      }
      String weight = matcher.group(2);
      double quality = weight == null ? 1 : Double.parseDouble(weight);
      switch (matcher.group(1)) {
        case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality);
        case "identity" -> identity = quality;
        case "*" -> others = quality;
        default -> {
          // Codings that are not made here.
        }
      }
    }
    double quality = gzip >= 0 ? gzip : others;
    return quality > 0 && quality >= identity;
  }
}
