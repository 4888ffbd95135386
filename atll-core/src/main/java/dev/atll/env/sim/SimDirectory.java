package dev.atll.env.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names of one directory: those visible, those durable, and the changes between.
 *
 * <p>Each change sets the state of one name, a rename of two at once. A change that survives alone
 * leaves its names as they were right after it, whatever became of earlier changes.
 */
final class SimDirectory {
  final Path path;
  boolean locked;

  private final NavigableMap<String, SimFile> visible;
  // Null as long as it would equal the visible names: most images are only read.
  private @Nullable NavigableMap<String, SimFile> durable;
  private final List<Change> unsynced = new ArrayList<>();

  /**
   * A change of names.
   *
   * @param removed the name it empties, or null
   * @param set the name it gives to {@code file}, or null
   * @param file the file, or null when no name is set
   */
  private record Change(@Nullable String removed, @Nullable String set, @Nullable SimFile file) {
    void applyTo(Map<String, SimFile> names) {
      if (removed != null) {
        names.remove(removed);
      }
      if (set != null && file != null) {
        names.put(set, file);
      }
    }
  }

  SimDirectory(Path path) {
    this(path, new TreeMap<>());
  }

  private SimDirectory(Path path, NavigableMap<String, SimFile> names) {
    this.path = path;
    this.visible = names;
  }

  NavigableMap<String, SimFile> files() {
    return visible;
  }

  @Nullable SimFile get(String name) {
    return visible.get(name);
  }

  void put(String name, SimFile file) {
    change(new Change(null, name, file));
  }

  void remove(String name) {
    change(new Change(name, null, null));
  }

  void rename(String from, String to, SimFile file) {
    change(new Change(from, to, file));
  }

  /** Sets a name, durably and at once: not what a program does, what a test finds. */
  void plant(String name, @Nullable SimFile file) {
    Change change = new Change(name, file == null ? null : name, file);
    change.applyTo(visible);
    if (durable != null) {
      change.applyTo(durable);
    }
  }

  private void change(Change change) {
    if (durable == null) {
      durable = new TreeMap<>(visible);
    }
    change.applyTo(visible);
    unsynced.add(change);
  }

  void sync() {
    if (durable != null) {
      for (Change change : unsynced) {
        change.applyTo(durable);
      }
    }
    unsynced.clear();
  }

  void dropUnsynced() {
    unsynced.clear();
  }

  SimDirectory imageOfKill(UnaryOperator<SimFile> files) {
    SimDirectory image = new SimDirectory(path, new TreeMap<>(visible));
    image.visible.replaceAll((name, file) -> files.apply(file));
    if (durable != null) {
      // Still not on the device: a power cut after the kill may yet take these changes.
      TreeMap<String, SimFile> onDevice = new TreeMap<>(durable);
      onDevice.replaceAll((name, file) -> files.apply(file));
      image.durable = onDevice;
      for (Change change : unsynced) {
        SimFile file = change.file == null ? null : files.apply(change.file);
        image.unsynced.add(new Change(change.removed, change.set, file));
      }
    }
    return image;
  }

  SimDirectory imageOfCrash(
      RandomGenerator random, Survival survival, UnaryOperator<SimFile> files) {
    TreeMap<String, SimFile> names = new TreeMap<>(durable == null ? visible : durable);
    int count = unsynced.size();
    switch (survival) {
      case NONE -> {}
      case ALL -> unsynced.forEach(change -> change.applyTo(names));
      case PREFIX -> {
        int survived = count == 0 ? 0 : random.nextInt(count + 1);
        unsynced.subList(0, survived).forEach(change -> change.applyTo(names));
      }
      case SUBSET -> {
        for (Change change : unsynced) {
          if (random.nextBoolean()) {
            change.applyTo(names);
          }
        }
      }
    }
    names.replaceAll((name, file) -> files.apply(file));
    return new SimDirectory(path, names);
  }
}
