package dev.atll.bench.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Makes text of a file's bytes: unzips what is gzipped, refuses by name what is no text. */
final class TraceInput {
  private static final int LOOK_BYTES = 6;
  private static final String GZIP = "1f8b";

  /** How the files begin that people have and that are not read here. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "28b52ffd", "compressed by zstd; unpack it, as in zstd -dc FILE | gzip > FILE.gz",
          "fd377a585a00", "compressed by xz; unpack it first",
          "425a68", "compressed by bzip2; unpack it first",
          "504b0304", "a zip archive; unpack it first",
          "04224d18", "compressed by lz4; unpack it first",
          "fffe", "UTF-16; convert it, as in iconv -f UTF-16 -t UTF-8",
          "feff", "UTF-16; convert it, as in iconv -f UTF-16 -t UTF-8");

  private TraceInput() {}

  static InputStream plain(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
    in.mark(LOOK_BYTES);
    byte[] head = in.readNBytes(LOOK_BYTES);
    in.reset();
    String hex = HexFormat.of().formatHex(head);
    if (hex.startsWith(GZIP)) {
      return new GZIPInputStream(in, 1 << 16);
    }
    for (Map.Entry<String, String> form : REFUSED.entrySet()) {
      if (hex.startsWith(form.getKey())) {
        throw new IOException("is " + form.getValue());
      }
    }
    for (byte b : head) {
      if (b == 0) {
        throw new IOException("is no text: it begins with the bytes " + hex);
      }
    }
    return in;
  }
}
