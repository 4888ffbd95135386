package dev.atll.env.sim;

import dev.atll.env.FileNames;
import dev.atll.env.FileSystem;
import dev.atll.env.OpKind;
import dev.atll.env.OutOfSpaceException;
import dev.atll.env.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory, as strict as a device: a file's bytes are durable after its sync, its name after
 * the sync of its directory, and neither before.
 *
 * <p>Every call takes the lock of the file system, so that many threads may use it and crash it
 * under way; a history is repeatable with one thread only.
 */
public final class SimFileSystem implements FileSystem {
  private final SimClock clock;
  // All guarded by this object's monitor.
  private final Map<Path, SimDirectory> directories = new TreeMap<>();
  private final Map<OpKind, Long> operations = new EnumMap<>(OpKind.class);
  private final List<String> openHandles = new ArrayList<>();
  private long mutations;
  private long traceHash;
  private long crashes;
  private volatile long blockReadNanos;
  private long capacityBytes = Long.MAX_VALUE;
  private long usedBytes;
  private boolean halted;
  private @Nullable OperationHook hook;

  /**
   * An empty file system.
   *
   * @param clock lets a little time pass with each operation
   */
  public SimFileSystem(SimClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Storage open(Path directory, boolean create) throws IOException {
    requireAlive();
    Path path = directory.toAbsolutePath().normalize();
    SimDirectory found = directories.get(path);
    if (found == null) {
      if (!create && directories.keySet().stream().noneMatch(d -> d.startsWith(path))) {
        throw new NoSuchFileException(path.toString());
      }
      before(OpKind.MKDIR, path.toString(), 0);
      // Its entry is durable at once: the real open() syncs the parent before it returns.
      found = new SimDirectory(path);
      directories.put(path, found);
    }
    return new SimStorage(this, found);
  }

  /** The clock. */
  public SimClock clock() {
    return clock;
  }

  // ---- crashes

  /**
   * What a power cut at this moment may leave. This file system is not changed and may go on.
   *
   * @param random chooses among the images the mode allows
   * @param mode how much of the unsynced survives
   * @return a new file system without open handles, locks, hook or limit; all in it is durable; its
   *     clock shows the same time
   */
  public synchronized SimFileSystem crash(RandomGenerator random, CrashMode mode) {
    long crash = ++crashes;
    return image(
        directory ->
            directory.imageOfCrash(
                random,
                mode.names(),
                file -> file.imageOfCrash(crash, random, mode.bytes())));
  }

  /**
   * What the end of the process at this moment leaves: everything written. What was not synced
   * stays at the mercy of a later {@link #crash}.
   *
   * @return a new file system without open handles, locks, hook or limit
   */
  public synchronized SimFileSystem kill() {
    long crash = ++crashes;
    return image(directory -> directory.imageOfKill(file -> file.imageOfKill(crash)));
  }

  private SimFileSystem image(Function<SimDirectory, SimDirectory> imageOf) {
    SimFileSystem image = new SimFileSystem(clock.copy());
    for (SimDirectory directory : directories.values()) {
      SimDirectory copy = imageOf.apply(directory);
      image.directories.put(copy.path, copy);
      for (SimFile file : copy.files().values()) {
        image.addName(file);
      }
    }
    return image;
  }

  /** Makes every later call throw {@link SimulatedCrash}, except closing and crashing. */
  public synchronized void halt() {
    halted = true;
  }

  /** Sets what is called before each mutating operation, or null for nothing. */
  public synchronized void setHook(@Nullable OperationHook newHook) {
    hook = newHook;
  }

  // ---- facts

  /** How many operations of this kind were called so far, those that failed included. */
  public synchronized long operations(OpKind kind) {
    return operations.getOrDefault(kind, 0L);
  }

  /** How many operations were called so far that may change what a crash leaves. */
  public synchronized long mutations() {
    return mutations;
  }

  /** A hash of all operations so far, in order: equal for equal histories. */
  public synchronized long traceHash() {
    return traceHash;
  }

  /** The files opened and not yet closed, in order of opening. */
  public synchronized List<String> openHandles() {
    return List.copyOf(openHandles);
  }

  /** The bytes in all files that have a name or are open. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /**
   * Limits the device.
   *
   * @param bytes in all files together, at least 0; an append beyond it writes what fits and fails
   */
  public synchronized void setCapacity(long bytes) {
    capacityBytes = bytes;
  }

  /**
   * Sets how long blocks are said to take to be read.
   *
   * @param nanos on average, at least 0; nothing waits for it
   */
  public void setBlockReadNanos(long nanos) {
    blockReadNanos = nanos;
  }

  long blockReadNanos() {
    return blockReadNanos;
  }

  // ---- what a test may find or do behind the back of the engine

  /** The content of a file. */
  public synchronized byte[] read(Path file) throws IOException {
    SimFile found = find(file);
    byte[] content = new byte[found.length()];
    found.read(0, content, 0, content.length);
    return content;
  }

  /** Damages one byte of a file, on the device, in memory and in every mapping of it. */
  public synchronized void corrupt(Path file, long offset, int xorMask) throws IOException {
    SimFile found = find(file);
    found.corrupt(checkedIndex(offset, found.length()), xorMask);
  }

  /** Cuts a file short, durably. Mappings stay as they are. */
  public synchronized void truncate(Path file, long length) throws IOException {
    SimFile found = find(file);
    int newLength = checkedIndex(length, found.length() + 1);
    usedBytes -= found.length() - newLength;
    found.truncate(newLength);
  }

  /** Puts a durable file into an existing directory, replacing one of that name. */
  public synchronized void plant(Path file, byte[] content) throws IOException {
    SimDirectory directory = directoryOf(file);
    String name = FileNames.last(file);
    removeName(directory.get(name));
    SimFile planted = SimFile.durable(content);
    directory.plant(name, planted);
    addName(planted);
  }

  /** Removes a file, durably and at once. */
  public synchronized void lose(Path file) throws IOException {
    SimFile found = find(file);
    directoryOf(file).plant(FileNames.last(file), null);
    removeName(found);
  }

  private SimFile find(Path file) throws IOException {
    SimFile found = directoryOf(file).get(FileNames.last(file));
    if (found == null) {
      throw new NoSuchFileException(file.toString());
    }
    return found;
  }

  private static int checkedIndex(long index, int limit) {
    if (index < 0 || index >= limit) {
      throw new IndexOutOfBoundsException(index + " of " + limit);
    }
    return (int) index;
  }

  // ---- for the storages and files; all called holding the monitor

  void requireAlive() {
    if (halted) {
      throw new SimulatedCrash("used after the simulated crash");
    }
  }

  void before(OpKind kind, String name, long bytes) {
    requireAlive();
    operations.merge(kind, 1L, Long::sum);
    traceHash = ((traceHash * 31 + kind.name().hashCode()) * 31 + name.hashCode()) * 31 + bytes;
    clock.advance(costNanos(kind));
    if (kind.mutating()) {
      mutations++;
      OperationHook called = hook;
      if (called != null) {
        try {
          called.before(kind, name);
        } catch (SimulatedCrash e) {
          halted = true;
          throw e;
        }
      }
    }
  }

  // The order of magnitude of a fast device; no figure is ever drawn from it.
  private static long costNanos(OpKind kind) {
    return switch (kind) {
      case SYNC, SYNC_DIRECTORY -> 100_000;
      case MKDIR, CREATE, RENAME, DELETE, LINK, OPEN, MAP, LIST -> 5_000;
      case APPEND, READ, READ_BLOCK, STAT, LOCK -> 1_000;
    };
  }

  SimDirectory directoryOf(Path file) throws IOException {
    Path parent = file.toAbsolutePath().normalize().getParent();
    SimDirectory directory = parent == null ? null : directories.get(parent);
    if (directory == null) {
      throw new FileNotFoundException("no such directory: " + parent);
    }
    return directory;
  }

  void opened(String handle, SimFile file) {
    openHandles.add(handle);
    file.references++;
  }

  void closed(String handle, SimFile file) {
    openHandles.remove(handle);
    release(file);
  }

  void addName(SimFile file) {
    if (file.references++ == 0) {
      usedBytes += file.length();
    }
  }

  void removeName(@Nullable SimFile file) {
    if (file != null) {
      release(file);
    }
  }

  private void release(SimFile file) {
    if (--file.references == 0) {
      usedBytes -= file.length();
    }
  }

  long freeBytes() {
    return Math.max(0, capacityBytes - usedBytes);
  }

  void append(Path path, SimFile file, byte[] src, int offset, int count)
      throws OutOfSpaceException {
    int fits = (int) Math.min(count, freeBytes());
    file.append(src, offset, fits);
    usedBytes += fits;
    if (fits < count) {
      throw new OutOfSpaceException("no space for " + count + " bytes: " + path, null);
    }
  }

  @Override
  public String toString() {
    return "SimFileSystem[" + directories.keySet() + "]";
  }
}
