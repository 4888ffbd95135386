package dev.atll.manifest;

import dev.atll.api.UnsupportedFormatException;
import java.util.Locale;

/** The first record of each manifest. Its first four bytes are the format version, for ever. */
record ManifestHeader(long storeId, int levelCount) {
  byte[] encode() {
    PayloadOut out = new PayloadOut();
    out.fixed32(ManifestFormat.FORMAT_VERSION);
    out.fixed64(storeId);
    out.fixed64(ManifestFormat.KNOWN_REQUIRED_FEATURES);
    // Optional features: a reader that does not know one may go on.
    out.fixed64(0);
    // Length of a keyspace id before each key: reserved for several keyspaces in one tree.
    out.u8(0);
    out.u8(levelCount);
    return out.toBytes();
  }

  static ManifestHeader decode(byte[] payload, String file, long offset) {
    PayloadIn in = new PayloadIn(payload, file, offset);
    int version = in.fixed32("format version");
    if (version == 0) {
      throw in.bad("format version 0");
    }
    if (version != ManifestFormat.FORMAT_VERSION) {
      throw unsupported(file, "format version " + Integer.toUnsignedString(version));
    }
    long storeId = in.fixed64("store id");
    long unknown = in.fixed64("required features") & ~ManifestFormat.KNOWN_REQUIRED_FEATURES;
    if (unknown != 0) {
      throw unsupported(file, "required features 0x" + Long.toHexString(unknown));
    }
    in.fixed64("optional features");
    int keyspaceIdBytes = in.u8("keyspace id length");
    if (keyspaceIdBytes != 0) {
      throw unsupported(file,
          String.format(Locale.ROOT, "keyspace ids of %d bytes", keyspaceIdBytes));
    }
    int levelCount = in.u8("level count");
    if (levelCount < 1 || levelCount > ManifestFormat.LEVELS_MAX) {
      throw in.bad("level count " + levelCount);
    }
    if (in.hasMore()) {
      throw in.bad("header too long");
    }
    return new ManifestHeader(storeId, levelCount);
  }

  private static UnsupportedFormatException unsupported(String file, String what) {
    return new UnsupportedFormatException(
        String.format(
            Locale.ROOT,
            "%s needs %s, which this version does not know; open the store with the version that wrote it",
            file, what));
  }
}
