package dev.atll.env.sim;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file, apart from its names.
 *
 * <p>Files only grow, so an image made by a crash may share the array of the running file: the one
 * writes behind the end of the other. Whatever changes bytes in place copies the array first.
 */
final class SimFile {
  /** Tests want many torn writes in small files; real sectors are larger. */
  static final int SECTOR_BYTES = 64;

  private static final byte[] EMPTY = {};
  private static final int FIRST_BYTES = 256;
  private static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;

  private byte[] data;
  private int length;
  // Bytes below this are on the device, but for the lost ones.
  private int durable;
  // Pairs of start and end: bytes a failed sync dropped. Readable here, zeros on the device.
  private int @Nullable [] lost;
  // Copies handed out as mappings, so that damage done by a test shows in them as well.
  private @Nullable Set<byte[]> mappings;

  /** Names in visible directories, and open handles: at 0 the space is free. */
  int references;

  // The image made of this file by the crash of this number: one file under two names stays one.
  private long imageOfCrash;
  private @Nullable SimFile image;

  SimFile() {
    this(EMPTY, 0);
  }

  private SimFile(byte[] data, int length) {
    this.data = data;
    this.length = length;
    this.durable = length;
  }

  static SimFile durable(byte[] content) {
    return new SimFile(content.clone(), content.length);
  }

  int length() {
    return length;
  }

  void append(byte[] src, int offset, int count) {
    int end = Math.addExact(length, count);
    if (end > data.length) {
      long doubled = Math.max(FIRST_BYTES, 2L * data.length);
      data = Arrays.copyOf(data, (int) Math.max(end, Math.min(doubled, ARRAY_BYTES_MAX)));
    }
    System.arraycopy(src, offset, data, length, count);
    length = end;
  }

  void sync() {
    durable = length;
  }

  void dropUnsynced() {
    if (durable < length) {
      int[] old = lost == null ? new int[0] : lost;
      int[] more = Arrays.copyOf(old, old.length + 2);
      more[old.length] = durable;
      more[old.length + 1] = length;
      lost = more;
      durable = length;
    }
  }

  void read(int position, byte[] dst, int offset, int count) {
    System.arraycopy(data, position, dst, offset, count);
  }

  /** A copy of the first bytes, which sees later damage until it is released. */
  byte[] map(int bytes) {
    byte[] copy = Arrays.copyOf(data, bytes);
    if (mappings == null) {
      mappings = Collections.newSetFromMap(new IdentityHashMap<>());
    }
    mappings.add(copy);
    return copy;
  }

  void unmap(byte[] mapping) {
    if (mappings != null) {
      mappings.remove(mapping);
    }
    // A segment on the heap cannot be taken away: make whoever still reads it notice.
    Arrays.fill(mapping, (byte) 0xDD);
  }

  void corrupt(int offset, int xorMask) {
    data = data.clone();
    data[offset] ^= (byte) xorMask;
    if (mappings != null) {
      for (byte[] mapping : mappings) {
        if (offset < mapping.length) {
          mapping[offset] ^= (byte) xorMask;
        }
      }
    }
  }

  void truncate(int newLength) {
    data = Arrays.copyOf(data, newLength);
    length = newLength;
    durable = Math.min(durable, newLength);
  }

  /** What the end of the process leaves: all that was written. What was lost stays doomed. */
  SimFile imageOfKill(long crash) {
    if (image == null || imageOfCrash != crash) {
      SimFile file = new SimFile(data, length);
      file.durable = durable;
      file.lost = lost;
      remember(crash, file);
      return file;
    }
    return image;
  }

  /** What a power cut leaves. The same answer for the same crash. */
  SimFile imageOfCrash(long crash, RandomGenerator random, Survival survival) {
    if (image == null || imageOfCrash != crash) {
      SimFile file = draw(random, survival);
      remember(crash, file);
      return file;
    }
    return image;
  }

  private void remember(long crash, SimFile file) {
    imageOfCrash = crash;
    image = file;
  }

  private SimFile draw(RandomGenerator random, Survival survival) {
    int unsynced = length - durable;
    if (unsynced == 0) {
      return withoutLost(data, length);
    }
    return switch (survival) {
      case NONE -> withoutLost(data, durable);
      case ALL -> withoutLost(data, length);
      case PREFIX -> withoutLost(data, durable + random.nextInt(unsynced + 1));
      case SUBSET -> drawSectors(random);
    };
  }

  private SimFile drawSectors(RandomGenerator random) {
    // The length is metadata of its own: it may be behind the data, or ahead of it.
    int size = random.nextBoolean() ? length : durable + random.nextInt(length - durable + 1);
    byte[] survived = Arrays.copyOf(data, size);
    // Almost all, half, or almost none: one coin for all would never lose a single sector of many.
    int keepOf16 = 1 + 7 * random.nextInt(3);
    for (int start = durable; start < size; ) {
      // Sectors lie at multiples from the file's start, not from where a write began. The durable
      // part of a sector that has grown since is never lost.
      int end = Math.min(size, (start / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (random.nextInt(16) >= keepOf16) {
        Arrays.fill(survived, start, end, (byte) 0);
      }
      start = end;
    }
    return withoutLost(survived, size);
  }

  private SimFile withoutLost(byte[] bytes, int size) {
    if (lost == null) {
      return new SimFile(bytes, size);
    }
    byte[] device = Arrays.copyOf(bytes, size);
    for (int i = 0; i < lost.length; i += 2) {
      Arrays.fill(device, Math.min(lost[i], size), Math.min(lost[i + 1], size), (byte) 0);
    }
    return new SimFile(device, size);
  }
}
