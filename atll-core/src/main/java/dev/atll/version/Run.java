package dev.atll.version;

import dev.atll.base.Keys;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One sorted run of a slot: a view of a table file with bounds of its own. The bounds only ever
 * shrink (by a new run replacing this one); widening them would bring deleted keys back.
 *
 * <p>Immutable but for {@link #burden()}, which readers count into.
 */
public final class Run {
  private final long id;
  private final long fileNumber;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final long minRevision;
  private final long maxRevision;
  private final long entries;
  private final long tombstones;
  private final long bytes;
  private final int overwritePermille;
  private final long deletionsSinceMillis;
  private final Burden burden;

  /**
   * Creates a view.
   *
   * @param id unique over the life of the store
   * @param fileNumber the table it looks at
   * @param low first key it may show; empty for no bound
   * @param high first key it may no longer show; null for no bound
   * @param figures what it holds
   * @param burden what reads paid at its lower boundary, counted on from here
   */
  public Run(
      long id,
      long fileNumber,
      byte[] low,
      byte @Nullable [] high,
      RunFigures figures,
      Burden burden) {
    assert high == null || Keys.compare(low, high) < 0 : "empty bounds of run " + id;
    assert figures.minRevision() <= figures.maxRevision() : "revisions of run " + id;
    this.id = id;
    this.fileNumber = fileNumber;
    this.low = low;
    this.high = high;
    this.minRevision = figures.minRevision();
    this.maxRevision = figures.maxRevision();
    this.entries = figures.entries();
    this.tombstones = figures.tombstones();
    this.bytes = figures.bytes();
    this.overwritePermille = figures.overwritePermille();
    this.deletionsSinceMillis = figures.deletionsSinceMillis();
    this.burden = burden;
  }

  /** Unique over the life of the store. */
  public long id() {
    return id;
  }

  /** The table this run looks at. */
  public long fileNumber() {
    return fileNumber;
  }

  /** First key it may show; not to be written to. */
  public byte[] low() {
    return low;
  }

  /** First key it may no longer show, or null for no bound; not to be written to. */
  public byte @Nullable [] high() {
    return high;
  }

  /** Lower end of the revision interval, inclusive. */
  public long minRevision() {
    return minRevision;
  }

  /** Upper end of the revision interval, inclusive. */
  public long maxRevision() {
    return maxRevision;
  }

  /** Estimated entries within the bounds. */
  public long entries() {
    return entries;
  }

  /** Estimated deletions within the bounds. */
  public long tombstones() {
    return tombstones;
  }

  /** Estimated data bytes within the bounds. */
  public long bytes() {
    return bytes;
  }

  /** Estimated share of entries, in thousandths, whose key also exists in an older run. */
  public int overwritePermille() {
    return overwritePermille;
  }

  /**
   * Wall time when the oldest deletion in it was flushed, in milliseconds since 1970; 0 if it never
   * had one. A view cut from a run keeps the time, so it may be older than the view's own deletions.
   */
  public long deletionsSinceMillis() {
    return deletionsSinceMillis;
  }

  /** Events counted at the boundary between this run and the next older one. */
  public Burden burden() {
    return burden;
  }

  /** Whether [low, high) of this run meets [otherLow, otherHigh). */
  public boolean overlaps(byte[] otherLow, byte @Nullable [] otherHigh) {
    return (otherHigh == null || Keys.compare(low, otherHigh) < 0)
        && (high == null || Keys.compare(otherLow, high) < 0);
  }

  /** Whether this run lies inside [otherLow, otherHigh). */
  public boolean isWithin(byte[] otherLow, byte @Nullable [] otherHigh) {
    return Keys.compare(low, otherLow) >= 0
        && (otherHigh == null || (high != null && Keys.compare(high, otherHigh) <= 0));
  }

  @Override
  public String toString() {
    return
        String.format(
            Locale.ROOT,
            "run %d of table %d [%s, %s) revisions %d-%d, %d entries, %d bytes",
            id,
            fileNumber,
            Arrays.toString(low),
            Arrays.toString(high),
            minRevision,
            maxRevision,
            entries,
            bytes);
  }
}
