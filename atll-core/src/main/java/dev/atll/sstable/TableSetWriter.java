package dev.atll.sstable;

import dev.atll.base.EntryCursor;
import dev.atll.base.Keys;
import dev.atll.env.FileOut;
import dev.atll.env.Storage;
import dev.atll.env.SyncFailureException;
import dev.atll.sstable.filter.FilterPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Entries in order to one or more table files. A new file begins at a file cut once the current one
 * is large enough, so that the parts of a wide output can die one by one. Nothing is part of the
 * store until the caller has synced the directory and installed an edit. Not thread-safe.
 */
public final class TableSetWriter {
  private final Storage storage;
  private final LongSupplier numbers;
  private final TableOptions options;
  private final FilterPlan filters;
  private final byte[][] cuts;
  private final byte[][] fileCuts;
  private final long fileBytesMin;
  private final List<TableInfo> finished = new ArrayList<>();
  private final List<Long> created = new ArrayList<>();
  private int nextFileCut;
  private @Nullable FileOut file;
  private @Nullable TableWriter writer;
  private long bytesWritten;

  /** With the filter of the options everywhere. */
  public TableSetWriter(
      Storage storage,
      LongSupplier numbers,
      TableOptions options,
      byte[][] cuts,
      byte[][] fileCuts,
      long fileBytesMin) {
    this(
        storage,
        numbers,
        options,
        FilterPlan.uniform(options.filter()),
        cuts,
        fileCuts,
        fileBytesMin);
  }

  /**
   * Creates it; no file is created before the first entry.
   *
   * @param numbers gives file numbers never used before
   * @param filters which filter each partition gets, whatever the options say
   * @param cuts ascending keys at which filter and index partitions end
   * @param fileCuts ascending keys at which a new file may begin
   * @param fileBytesMin a file smaller than this goes on over a file cut
   */
  public TableSetWriter(
      Storage storage,
      LongSupplier numbers,
      TableOptions options,
      FilterPlan filters,
      byte[][] cuts,
      byte[][] fileCuts,
      long fileBytesMin) {
    this.storage = storage;
    this.numbers = numbers;
    this.options = options;
    this.filters = filters;
    this.cuts = cuts;
    this.fileCuts = fileCuts;
    this.fileBytesMin = fileBytesMin;
  }

  /** Writes the entry a cursor stands on. */
  public void add(EntryCursor entry) throws IOException {
    long hash = Keys.hash(entry.keyArray(), entry.keyOffset(), entry.keyLength());
    add(entry, hash, OutputCheck.digest(entry, hash));
  }

  /** Writes the entry a cursor stands on, and counts it among what is expected of the output. */
  public long add(EntryCursor entry, OutputCheck check) throws IOException {
    long hash = Keys.hash(entry.keyArray(), entry.keyOffset(), entry.keyLength());
    long digest = OutputCheck.digest(entry, hash);
    check.expect(digest);
    add(entry, hash, digest);
    return digest;
  }

  private void add(EntryCursor entry, long hash, long digest) throws IOException {
    boolean crossed = false;
    while (nextFileCut < fileCuts.length
        && Keys.compare(
                fileCuts[nextFileCut],
                0,
                fileCuts[nextFileCut].length,
                entry.keyArray(),
                entry.keyOffset(),
                entry.keyLength())
            <= 0) {
      nextFileCut++;
      crossed = true;
    }
    TableWriter w = writer;
    if (w != null && crossed && w.estimatedBytes() >= fileBytesMin) {
      endFile();
      w = null;
    }
    if (w == null) {
      w = begin();
    }
    w.add(
        entry.keyArray(),
        entry.keyOffset(),
        entry.keyLength(),
        entry.revision(),
        entry.kind(),
        entry.valueSegment(),
        entry.valueOffset(),
        entry.valueLength(),
        hash,
        digest);
  }

  private TableWriter begin() throws IOException {
    long number = numbers.getAsLong();
    FileOut out = storage.create(TableNames.fileName(number));
    created.add(number);
    file = out;
    TableWriter w = new TableWriter(out, number, options, cuts, filters, storage::readersWait);
    writer = w;
    return w;
  }

  private void endFile() throws IOException {
    TableWriter w = writer;
    FileOut out = file;
    if (w == null || out == null) {
      return;
    }
    TableInfo info = w.finish();
    SyncFailureException.sync(out);
    out.close();
    writer = null;
    file = null;
    bytesWritten += info.fileBytes();
    finished.add(info);
  }

  /** Ends and syncs the files; the directory is the caller's to sync. */
  public List<TableInfo> finish() throws IOException {
    endFile();
    return List.copyOf(finished);
  }

  /** Bytes written so far, an estimate for the file under way. */
  public long bytesWritten() {
    TableWriter w = writer;
    return bytesWritten + (w == null ? 0 : w.estimatedBytes());
  }

  /** Numbers of the files it created. */
  public List<Long> createdNumbers() {
    return List.copyOf(created);
  }

  /** Gives up where nothing may be deleted: closes the file under way, and leaves all to recovery. */
  public void leave() {
    FileOut out = file;
    writer = null;
    file = null;
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      // The file is garbage either way.
    }
  }

  /** Gives up: closes and deletes every file it created. Failures to delete are left to recovery. */
  public void abandon() {
    leave();
    for (long number : created) {
      try {
        storage.delete(TableNames.fileName(number));
      } catch (IOException e) {
        // An orphan: recovery sweeps it.
      }
    }
    finished.clear();
  }
}
