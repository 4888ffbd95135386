package dev.atll.manifest;

import dev.atll.api.CorruptionException;
import dev.atll.env.FileIn;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The file that names the manifest in force: its name, and the CRC32C of that line, on two lines. */
final class CurrentFile {
  private static final int BYTES_MAX = 256;

  private CurrentFile() {}

  static byte[] encode(long manifestNumber) {
    String line = ManifestFormat.name(manifestNumber) + "\n";
    return (line + checksum(line) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  static long decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    long number = end < 0 ? -1 : ManifestFormat.number(text.substring(0, end));
    // One right content per number, so that each flipped bit shows.
    if (number < 0 || !text.equals(new String(encode(number), StandardCharsets.US_ASCII))) {
      throw new CorruptionException(ManifestFormat.CURRENT, 0, "not a manifest name with its checksum");
    }
    return number;
  }

  static long read(Storage storage) throws IOException {
    return read(storage, ManifestFormat.CURRENT);
  }

  /** As {@link #read(Storage)}, of a file that is not in force yet. */
  static long read(Storage storage, String name) throws IOException {
    try (FileIn in = storage.open(name)) {
      if (in.length() > BYTES_MAX) {
        throw new CorruptionException(ManifestFormat.CURRENT, BYTES_MAX, "too long");
      }
      byte[] bytes = new byte[(int) in.length()];
      in.readFully(0, bytes, 0, bytes.length);
      return decode(bytes);
    }
  }

  /** Writes and syncs {@link ManifestFormat#CURRENT_TMP}; nothing is in force yet. */
  static void prepare(Storage storage, long manifestNumber) throws IOException {
    if (storage.exists(ManifestFormat.CURRENT_TMP)) {
      storage.delete(ManifestFormat.CURRENT_TMP);
    }
    try (FileOut out = storage.create(ManifestFormat.CURRENT_TMP)) {
      byte[] bytes = encode(manifestNumber);
      out.append(bytes, 0, bytes.length);
      out.sync();
    }
  }

  /** Puts what was prepared in force, durably. */
  static void commit(Storage storage) throws IOException {
    // The new names must be on disk before CURRENT can point at them, and the switch before anybody
    // relies on it: two syncs, as LevelDB's missing second one taught (RocksDB #10573).
    storage.syncDirectory();
    storage.rename(ManifestFormat.CURRENT_TMP, ManifestFormat.CURRENT);
    storage.syncDirectory();
  }

  private static String checksum(String line) {
    CRC32C crc = new CRC32C();
    crc.update(line.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
