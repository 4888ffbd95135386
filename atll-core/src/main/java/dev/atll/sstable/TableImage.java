package dev.atll.sstable;

import dev.atll.api.CorruptionException;
import dev.atll.api.StorageIoException;
import dev.atll.api.UnsupportedFormatException;
import dev.atll.base.Keys;
import dev.atll.env.FileIn;
import dev.atll.sstable.block.Bytes;
import dev.atll.sstable.codec.Codec;
import dev.atll.sstable.filter.FilterKind;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a table, mapped or read piece by piece, and the parts of it that are read at open:
 * footer, properties, directory. Thread-safe.
 */
final class TableImage {
  /** Where a partition's sections are. */
  record Sections(
      byte[] separator,
      long dataOffset,
      long dataLength,
      long filterOffset,
      int filterLength,
      long indexOffset,
      int indexLength,
      long entries,
      int blocks) {}

  final String name;
  final long fileNumber;
  final TableInfo info;
  final Sections[] sections;

  private final FileIn in;
  private final boolean paged;

  // Null while the file is not mapped. Segments may be published by a race: their fields are final.
  private @Nullable MemorySegment mapping;


  // The end of the file while it is being opened, unless it is mapped.
  private byte @Nullable [] tail;

  // Filters of a file that is not mapped; made when the first is read.
  private @Nullable Arena filters;
  private boolean closed;

  private static final ThreadLocal<TableFormat.Checksum> CHECKSUM =
      ThreadLocal.withInitial(TableFormat.Checksum::new);

  /** Reads a table; maps the file for that, and for later, if it is to be mapped. */
  TableImage(FileIn in, boolean mapped, long fileNumber, String name) throws IOException {
    this.in = in;
    this.mapping = mapped ? in.map() : null;
    this.fileNumber = fileNumber;
    this.name = name;
    long length = in.length();
    if (length < TableFormat.FOOTER_BYTES) {
      throw damaged(length, "table shorter than its footer");
    }
    long footerOffset = length - TableFormat.FOOTER_BYTES;
    if (!mapped) {
      // One read of the device for what are three parts of most tables.
      byte[] last = new byte[(int) Math.min(length, TableReader.TAIL_BYTES)];
      try {
        read(length - last.length, last, last.length);
        tail = last;
      } catch (StorageIoException | CorruptionException e) {
        // It may be a block there that cannot be read, which is no reason not to open the table.
        tail = null;
      }
    }
    byte[] footer = new byte[TableFormat.FOOTER_BYTES];
    read(footerOffset, footer, footer.length);
    checkFooter(footer, footerOffset);
    paged = (Bytes.getInt(footer, TableFormat.FOOTER_FEATURES) & TableFormat.FEATURE_PAGES) != 0;
    List<TableInfo.PartitionInfo> partitions = new ArrayList<>();
    long directoryOffset = Bytes.getLong(footer, TableFormat.FOOTER_DIRECTORY_OFFSET);
    long directoryLength = Bytes.getLong(footer, TableFormat.FOOTER_DIRECTORY_LENGTH);
    byte[] directory = section(directoryOffset, directoryLength, footerOffset, "directory");
    sections = readDirectory(directory, directoryOffset, partitions);
    long propertiesOffset = Bytes.getLong(footer, TableFormat.FOOTER_PROPERTIES_OFFSET);
    long propertiesLength = Bytes.getLong(footer, TableFormat.FOOTER_PROPERTIES_LENGTH);
    byte[] properties = section(propertiesOffset, propertiesLength, footerOffset, "properties");
    info = readProperties(properties, propertiesOffset, partitions);
    tail = null;
  }

  CorruptionException damaged(long offset, String what) {
    return new CorruptionException(name, offset, what);
  }

  CorruptionException unreadable(long offset, Throwable cause) {
    return new CorruptionException(
        name, offset, "mapped file cannot be read (truncated?): " + cause.getMessage(), cause);
  }

  /** Whether blocks begin where {@link TableFormat#blockStart} says. */
  boolean isPaged() {
    return paged;
  }

  /** The file in memory, or null while it is read piece by piece. */
  @Nullable MemorySegment mapping() {
    return mapping;
  }

  /** Has the file read in place from now on, or piece by piece; the old way stays open to others. */
  void mapped(boolean mapped) throws IOException {
    mapping = mapped ? in.map() : null;
  }

  /** Whether others wait for the device just now. */
  boolean readersWait() {
    return in.readersWait();
  }

  /** How long reads of blocks took of late, in nanoseconds; 0 if that is not known. */
  long blockReadNanos() {
    return in.blockReadNanos();
  }

  /** Begins to read bytes that are about to be asked for. */
  void prefetch(long offset, int count) {
    in.prefetch(offset, count);
  }

  /** Bytes of the file that may be asked for again, from index 0 of an array. */
  void read(long offset, byte[] target, int count) {
    read(offset, target, count, false);
  }

  /**
   * Bytes of the file, from index 0 of an array.
   *
   * @param once whether nobody is likely to want them soon
   * @throws StorageIoException if the device does not give them
   */
  void read(long offset, byte[] target, int count, boolean once) {
    MemorySegment memory = mapping;
    if (memory != null) {
      MemorySegment.copy(memory, Bytes.BYTE, offset, target, 0, count);
      return;
    }
    byte[] last = tail;
    if (last != null && offset >= in.length() - last.length) {
      System.arraycopy(last, (int) (offset - (in.length() - last.length)), target, 0, count);
      return;
    }
    try {
      in.readBlock(offset, target, 0, count, once);
    } catch (EOFException e) {
      throw new CorruptionException(name, offset, "file is shorter than it was", e);
    } catch (IOException e) {
      throw new StorageIoException(
          String.format(
              Locale.ROOT,
              "cannot read %d bytes at %d of table %s: %s",
              count, offset, name, e.getMessage()),
          e);
    }
  }

  /** Memory outside the heap that lasts until {@link #close}. */
  synchronized MemorySegment allocate(long bytes) {
    if (closed) {
      throw new IllegalStateException("table " + name + " is closed");
    }
    Arena arena = filters;
    if (arena == null) {
      arena = Arena.ofShared();
      filters = arena;
    }
    return arena.allocate(bytes, TableFormat.FILTER_ALIGNMENT);
  }

  /** Closes the file; its memory is gone. */
  void close() {
    in.close();
    synchronized (this) {
      closed = true;
      if (filters != null) {
        filters.close();
        filters = null;
      }
    }
  }

  /**
   * Compares the checksum of a frame with its payload; true if it holds.
   *
   * @param at where the frame begins in the segment
   * @param offset where it begins in the file
   */
  boolean frameHolds(MemorySegment segment, long at, long offset, long payloadLength) {
    int stored = segment.get(Bytes.INT, at + payloadLength + 1);
    return stored == CHECKSUM.get().of(fileNumber, offset, segment, at, payloadLength + 1);
  }

  /** The payload of a section, checked, on the heap. */
  byte[] section(long offset, long length, long limit, String what) {
    return section(offset, length, limit, what, false);
  }

  /** As {@link #section(long, long, long, String)}, perhaps past the system's pages. */
  byte[] section(long offset, long length, long limit, String what, boolean pastPages) {
    if (offset < 0
        || length < 0
        || length > Integer.MAX_VALUE - 64
        || offset > limit
        || length + TableFormat.TRAILER_BYTES > limit - offset) {
      throw damaged(Math.max(0, Math.min(offset, limit)), what + " outside the file");
    }
    byte[] frame = new byte[(int) length + TableFormat.TRAILER_BYTES];
    read(offset, frame, frame.length, pastPages);
    return payload(frame, 0, offset, (int) length, what);
  }

  /** The payload of a section whose frame begins at an index of an array, checked. */
  byte[] payload(byte[] bytes, int at, long offset, int length, String what) {
    if (!frameHolds(MemorySegment.ofArray(bytes), at, offset, length)) {
      throw damaged(offset, what + " checksum");
    }
    if (bytes[at + length] != Codec.NONE.number()) {
      throw damaged(offset, what + " codec");
    }
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  private void checkFooter(byte[] footer, long offset) {
    if (Bytes.getLong(footer, TableFormat.FOOTER_MAGIC) != TableFormat.MAGIC) {
      throw damaged(offset + TableFormat.FOOTER_MAGIC, "not a table: magic number");
    }
    int sum =
        CHECKSUM.get().of(fileNumber, offset, footer, 0, TableFormat.FOOTER_CHECKSUM);
    if (sum != Bytes.getInt(footer, TableFormat.FOOTER_CHECKSUM)) {
      throw damaged(offset, "footer checksum");
    }
    if (Bytes.getLong(footer, TableFormat.FOOTER_FILE_NUMBER) != fileNumber) {
      throw damaged(offset, "footer names another file");
    }
    int version = Bytes.getInt(footer, TableFormat.FOOTER_VERSION);
    int features = Bytes.getInt(footer, TableFormat.FOOTER_FEATURES);
    if (Integer.compareUnsigned(version, TableFormat.VERSION) > 0
        || (features & ~TableFormat.FEATURES_KNOWN) != 0) {
      throw new UnsupportedFormatException(
          String.format(
              Locale.ROOT,
              "table %s has format version %d, features 0x%x; this version reads up to %d, 0x%x",
              name, version, features, TableFormat.VERSION, TableFormat.FEATURES_KNOWN));
    }
    if (version < 1
        || Bytes.getLong(footer, TableFormat.FOOTER_RANGE_DELETIONS_OFFSET) != 0
        || Bytes.getLong(footer, TableFormat.FOOTER_RANGE_DELETIONS_LENGTH) != 0) {
      throw damaged(offset, "footer");
    }
  }

  private Sections[] readDirectory(
      byte[] payload, long payloadOffset, List<TableInfo.PartitionInfo> partitions) {
    SectionReader in = new SectionReader(name, payloadOffset, payload, payload.length);
    int count = in.count("partitions");
    Sections[] all = new Sections[count];
    byte[] last = Keys.EMPTY;
    long end = 0;
    for (int i = 0; i < count; i++) {
      byte[] firstKey = in.bytes(in.count("first key length"), "first key");
      byte[] separator =
          Arrays.copyOf(firstKey, (int) in.varint("separator length", firstKey.length));
      long dataOffset = in.varint("data offset", payloadOffset);
      long dataLength = in.varint("data length", payloadOffset - dataOffset);
      long filterOffset = in.varint("filter offset", payloadOffset);
      int filterLength = (int) in.varint("filter length", Integer.MAX_VALUE);
      long indexOffset = in.varint("index offset", payloadOffset);
      int indexLength = (int) in.varint("index length", Integer.MAX_VALUE);
      long entries = in.varint("entries");
      long tombstones = in.varint("tombstones", entries);
      int blocks = (int) in.varint("blocks", dataLength / TableFormat.TRAILER_BYTES);
      long dataEnd = dataOffset + dataLength;
      long filterEnd =
          filterLength == 0 ? dataEnd : filterOffset + filterLength + TableFormat.TRAILER_BYTES;
      long indexEnd = indexOffset + indexLength + TableFormat.TRAILER_BYTES;
      boolean ordered =
          dataOffset >= end
              && (filterLength == 0 ? filterOffset == 0 : filterOffset >= dataEnd)
              && filterEnd <= indexOffset
              && indexEnd <= payloadOffset
              && blocks > 0
              && entries >= blocks
              && (i == 0
                  ? separator.length == 0
                  : Keys.compare(last, separator) < 0 && separator.length > 0);
      if (!ordered) {
        throw in.damaged("directory out of order");
      }
      end = indexEnd;
      last = firstKey;
      all[i] =
          new Sections(
              separator,
              dataOffset,
              dataLength,
              filterOffset,
              filterLength,
              indexOffset,
              indexLength,
              entries,
              blocks);
      partitions.add(
          new TableInfo.PartitionInfo(firstKey, indexEnd - dataOffset, entries, tombstones, blocks));
    }
    if (in.left() != 0) {
      throw in.damaged("bytes after the directory");
    }
    return all;
  }

  private TableInfo readProperties(
      byte[] payload, long payloadOffset, List<TableInfo.PartitionInfo> partitions) {
    SectionReader in = new SectionReader(name, payloadOffset, payload, payload.length);
    long[] numbers = new long[TableFormat.PROPERTY_DIGEST + 1];
    byte[] smallest = Keys.EMPTY;
    byte[] largest = Keys.EMPTY;
    double falsePositiveRate = Double.NaN;
    int seen = 0;
    while (in.left() > 0) {
      long tag = in.varint("property");
      byte[] value = in.bytes(in.count("property length"), "property");
      // Others come from a newer version that knows we do not need them.
      if (tag == TableFormat.PROPERTY_SMALLEST_KEY) {
        smallest = value;
        seen |= 1 << TableFormat.PROPERTY_SMALLEST_KEY;
      } else if (tag == TableFormat.PROPERTY_LARGEST_KEY) {
        largest = value;
        seen |= 1 << TableFormat.PROPERTY_LARGEST_KEY;
      } else if (tag > 0 && tag < numbers.length) {
        if (value.length != Long.BYTES) {
          throw in.damaged("property " + tag);
        }
        numbers[(int) tag] = Bytes.getLong(value, 0);
        seen |= 1 << (int) tag;
      } else if (tag == TableFormat.PROPERTY_FALSE_POSITIVE_RATE && value.length == Long.BYTES) {
        falsePositiveRate = Double.longBitsToDouble(Bytes.getLong(value, 0));
      }
    }
    long filterBytes = 0;
    for (Sections partition : sections) {
      filterBytes += partition.filterLength();
    }
    long entries = 0;
    long tombstones = 0;
    for (TableInfo.PartitionInfo partition : partitions) {
      entries += partition.entries();
      tombstones += partition.tombstones();
    }
    boolean consistent =
        seen == (1 << TableFormat.PROPERTY_LARGEST_KEY + 1) - 2
            && entries == numbers[TableFormat.PROPERTY_ENTRIES]
            && tombstones == numbers[TableFormat.PROPERTY_TOMBSTONES]
            && (partitions.isEmpty()
                || Arrays.equals(smallest, partitions.getFirst().firstKey()));
    if (!consistent) {
      throw in.damaged("properties disagree with the directory");
    }
    return new TableInfo(
        fileNumber,
        this.in.length(),
        entries,
        tombstones,
        smallest,
        largest,
        numbers[TableFormat.PROPERTY_MIN_REVISION],
        numbers[TableFormat.PROPERTY_MAX_REVISION],
        numbers[TableFormat.PROPERTY_KEY_BYTES],
        numbers[TableFormat.PROPERTY_VALUE_BYTES],
        numbers[TableFormat.PROPERTY_DIGEST],
        filterBytes,
        // A file written before this was kept tells by its size what to expect.
        falsePositiveRate >= 0 && falsePositiveRate <= 1
            ? falsePositiveRate
            : FilterKind.BLOCKED_BLOOM.falsePositiveRate(1, 8.0 * filterBytes / Math.max(1, entries)),
        List.copyOf(partitions));
  }
}
