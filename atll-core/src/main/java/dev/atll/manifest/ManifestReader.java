package dev.atll.manifest;

import dev.atll.api.CorruptionException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.env.FileIn;
import dev.atll.env.Storage;
import dev.atll.record.RecordFormat;
import dev.atll.record.RecordReader;
import dev.atll.version.Version;
import dev.atll.version.VersionEdit;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest back into the version it ends with.
 *
 * <p>Each edit is synced before it is published, so only the last one can be incomplete after a
 * crash: a bad record with nothing whole behind it is cut. A bad record with a whole one behind it
 * is damage. Since a mark follows each edit as soon as it is synced, damage of the last edit is told
 * from a crash too, unless the mark is lost with it (see context/formats/manifest.md).
 */
final class ManifestReader {
  /** What a manifest says. */
  record Contents(
      ManifestHeader header, Version version, RecoveredManifest found, long length) {}

  private final String file;
  private final RecordReader records;
  private final long limit;
  private @Nullable ManifestHeader header;
  private @Nullable Version version;
  private final KeyPool keys = new KeyPool();
  private long edits;
  private long cutOffset = -1;

  private ManifestReader(String file, RecordReader records, long limit) {
    this.file = file;
    this.records = records;
    this.limit = limit;
  }

  /** Reads the manifest with this number. */
  static Contents read(Storage storage, long number) throws IOException {
    String file = ManifestFormat.name(number);
    if (!storage.exists(file)) {
      throw new CorruptionException(file, 0, "CURRENT names this manifest, but it is missing");
    }
    try (FileIn in = storage.open(file)) {
      long limit = in.length();
      return new ManifestReader(file, new RecordReader(in, number, limit), limit).read();
    }
  }

  private Contents read() throws IOException {
    while (true) {
      switch (records.next()) {
        case RECORD -> take();
        case BAD -> {
          if (!skipLostMark()) {
            cutOffset = records.offset();
            refuseIfFollowed();
            return contents();
          }
        }
        case END -> {
          return contents();
        }
      }
    }
  }

  private Contents contents() {
    if (header == null || version == null) {
      // The head is synced before CURRENT names the file, so no crash explains this.
      throw new CorruptionException(file, cutOffset < 0 ? limit : cutOffset, "no whole snapshot");
    }
    return new Contents(
        header,
        version,
        new RecoveredManifest(file, edits, cutOffset, cutOffset < 0 ? 0 : limit - cutOffset),
        limit);
  }

  /**
   * A mark is written without a sync, so that a crash may lose it and keep the edit behind it. Only
   * a mark can fill a bad stretch of just a header's length: no edit is that short.
   */
  private boolean skipLostMark() throws IOException {
    long at = records.offset();
    if (version == null || limit - at <= RecordFormat.HEADER_BYTES) {
      return false;
    }
    records.position(at + RecordFormat.HEADER_BYTES);
    if (records.next() == RecordReader.Outcome.RECORD
        && records.type() == ManifestFormat.RECORD_EDIT) {
      take();
      return true;
    }
    records.position(at);
    records.next();
    return false;
  }

  private void refuseIfFollowed() throws IOException {
    long at = cutOffset;
    if (records.resync()) {
      throw new CorruptionException(file, at, "bad record with whole ones behind it");
    }
  }

  private void take() {
    byte[] payload =
        Arrays.copyOfRange(
            records.payload(),
            records.payloadOffset(),
            records.payloadOffset() + records.payloadLength());
    long offset = records.offset();
    int type = records.type();
    if (header == null) {
      if (type != ManifestFormat.RECORD_HEADER) {
        throw new CorruptionException(file, offset,
            String.format(Locale.ROOT, "record of type %d, not a header", type));
      }
      header = ManifestHeader.decode(payload, file, offset);
      return;
    }
    switch (type) {
      case ManifestFormat.RECORD_HEADER ->
          throw new CorruptionException(file, offset, "second header");
      case ManifestFormat.RECORD_SYNCED -> {
        if (version == null || payload.length != 0) {
          throw new CorruptionException(file, offset, "mark out of place");
        }
      }
      case ManifestFormat.RECORD_EDIT ->
          apply(header, EditCodec.decode(payload, file, offset, keys), offset);
      default ->
          throw new UnsupportedFormatException(
              String.format(
                  Locale.ROOT,
                  "%s has a record of type %d at offset %d, which a newer version wrote; open the store with that version",
                  file, type, offset));
    }
  }

  private void apply(ManifestHeader head, VersionEdit edit, long offset) {
    try {
      if (version == null) {
        version = Version.empty(head.levelCount()).apply(edit);
      } else {
        version = version.apply(edit);
        edits++;
      }
    } catch (IllegalArgumentException e) {
      throw new CorruptionException(file, offset, String.valueOf(e.getMessage()), e);
    }
  }
}
