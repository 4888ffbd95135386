package dev.atll.viz.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wishes of RFC 9110, section 12.5.3. */
final class ContentCodingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip                            | true
          GZIP                            | true
          x-gzip                          | true
          deflate, gzip;q=1.0, *;q=0.5    | true
          br;q=1.0, gzip;q=0.8            | true
          *                               | true
          gzip; q=0.001                   | true
          gzip;Q=1                        | true
          gzip;q=0                        | false
          gzip;q=0.000                    | false
          gzip ; q=0.0                    | false
          identity, gzip;q=0              | false
          identity;q=1, *;q=0             | false
          identity;q=1, gzip;q=0.5        | false
          identity;q=0.5, gzip;q=0.5      | true
          identity;q=0, *                 | true
          *, gzip;q=0                     | false
          br, deflate                     | false
          gzippy, notgzip                 | false
          gzip;q=2                        | false
          gzip;q=nonsense                 | false
          gzip;level=9                    | false
          ''                              | false
          """)
  void weightsAreHonoured(String header, boolean gzip) {
    assertEquals(gzip, ContentCoding.wantsGzip(List.of(header)), header);
  }

  @Test
  void severalHeadersAreOneListAndNoneIsNoWish() {
    assertEquals(false, ContentCoding.wantsGzip(null));
    assertEquals(true, ContentCoding.wantsGzip(Arrays.asList("br", "gzip")));
    assertEquals(false, ContentCoding.wantsGzip(Arrays.asList("br", "gzip;q=0")));
  }
}
