package dev.atll.manifest;

import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.record.RecordWriter;
import java.io.IOException;

/** One manifest being written. One thread at a time. */
final class ManifestWriter implements AutoCloseable {
  private final FileOut out;
  private final RecordWriter records;

  /** Creates the file; its name is durable only after the directory is synced. */
  ManifestWriter(Storage storage, long number) throws IOException {
    out = storage.create(ManifestFormat.name(number));
    records = new RecordWriter(out, number);
  }

  void append(int type, byte[] payload) throws IOException {
    records.begin(type);
    records.put(payload, 0, payload.length);
    records.end();
  }

  /** Bytes of complete records. */
  long length() {
    return records.length();
  }

  /** Bytes in the file, an incomplete record included. */
  long fileLength() {
    return out.length();
  }

  void sync() throws IOException {
    out.sync();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
