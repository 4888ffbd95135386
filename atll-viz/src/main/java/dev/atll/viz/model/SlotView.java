package dev.atll.viz.model;

import dev.atll.observe.event.Longs;
import dev.atll.observe.event.SlotEvent;
import dev.atll.observe.event.SlotShape;
import org.jspecify.annotations.Nullable;

/** What is known about one slot, and its recent past. */
final class SlotView {
  final int level;
  int slot;
  double lowFraction;
  double highFraction;
  int runs;
  long bytes;
  double heat;
  int k;
  double kStar;
  // Not a number until they were measured.
  double readBurdenMicros = Double.NaN;
  double writeBurdenBytes = Double.NaN;
  // Of the last few seconds: what is older counts half for each event.
  private double hits;
  private double misses;
  private long frameBytes;
  private long mappedBytes;
  private long blockBytes;
  Longs runFiles = Longs.empty();
  Longs runBytes = Longs.empty();
  @Nullable SlotHistory history;

  /** The slot's number as viewers know it; -1 if they do not know the slot. */
  int toldSlot = -1;

  private long toldShape;
  private long toldMood;

  SlotView(int level, int slot) {
    this.level = level;
    this.slot = slot;
  }

  void take(SlotShape shape, HeatScale scale) {
    slot = shape.slot();
    lowFraction = shape.lowFraction();
    highFraction = shape.highFraction();
    runFiles = shape.runFiles();
    runBytes = shape.runBytes();
    runs = runFiles.size();
    bytes = shape.bytes();
    heat = scale.scaled(shape.heat(), lowFraction, highFraction);
    k = shape.k();
    kStar = shape.kStar();
  }

  void take(SlotEvent.Measured measured, HeatScale scale) {
    lowFraction = measured.lowFraction();
    highFraction = measured.highFraction();
    runs = measured.runs();
    bytes = measured.bytes();
    heat = scale.scaled(measured.heat(), lowFraction, highFraction);
    k = measured.k();
    kStar = measured.kStar();
    readBurdenMicros = measured.readBurdenMicros();
    writeBurdenBytes = measured.writeBurdenBytes();
  }

  void take(SlotEvent.Cached cached) {
    hits = hits / 2 + cached.hits();
    misses = misses / 2 + cached.misses();
    frameBytes = cached.frameBytes();
    mappedBytes = cached.mappedBytes();
    blockBytes = cached.blockBytes();
  }

  /** Share of its blocks that a cache had, of late; not a number until one was asked. */
  private double hitRatio() {
    return hits / (hits + misses);
  }

  /** Whether what only a change of the tree can change is other than viewers know. */
  boolean shapeChanged() {
    return shapeSignature() != toldShape;
  }

  /** Whether a viewer would see a difference in what moves all the time. */
  boolean moodChanged() {
    return moodSignature() != toldMood;
  }

  private long shapeSignature() {
    long hash = Math.round(lowFraction * 1e5);
    hash = hash * 31 + Math.round(highFraction * 1e5);
    hash = hash * 31 + runs;
    hash = hash * 31 + bytes;
    hash = hash * 31 + k;
    hash = hash * 31 + runFiles.hashCode();
    hash = hash * 31 + runBytes.hashCode();
    return hash;
  }

  // Steps of heat below one in a hundred, and below a tenth of a burden, are not worth a message
  // to every viewer.
  private long moodSignature() {
    long hash = Math.round(heat * 100);
    hash = hash * 31 + Math.round(kStar * 10);
    hash = hash * 31 + Math.round(Math.log1p(Math.max(0, readBurdenMicros)) * 10);
    hash = hash * 31 + Math.round(Math.log1p(Math.max(0, writeBurdenBytes)) * 10);
    hash = hash * 31 + Math.round(hitRatio() * 100);
    hash = hash * 31 + Math.round(Math.log1p((double) frameBytes) * 10);
    hash = hash * 31 + Math.round(Math.log1p((double) mappedBytes) * 10);
    hash = hash * 31 + Math.round(Math.log1p((double) blockBytes) * 10);
    return hash;
  }

  /** Viewers that follow the deltas know the slot as it is now. */
  void told() {
    toldSlot = slot;
    toldShape = shapeSignature();
    toldMood = moodSignature();
  }

  /** Writes an array: the page's store.js reads the places in this order. */
  void write(Json json, RunBirths births) {
    json.array().value(level).value(slot).value(lowFraction, 5).value(highFraction, 5);
    json.value(runs).value(bytes).value(heat, 2).value(k).value(kStar, 1);
    json.value(readBurdenMicros, 1).value(writeBurdenBytes, 0);
    json.values(runFiles.toArray()).values(runBytes.toArray()).array();
    for (int i = 0; i < runFiles.size(); i++) {
      json.value(births.secondsOf(runFiles.get(i)));
    }
    json.endArray();
    writeCache(json);
    json.endArray();
  }

  /** Writes only what moves all the time. */
  void writeMood(Json json) {
    json.array().value(level).value(slot).value(heat, 2).value(kStar, 1);
    json.value(readBurdenMicros, 0).value(writeBurdenBytes, 0);
    writeCache(json);
    json.endArray();
  }

  // Most slots of most stores are read in place and ask no cache: nothing is sent of them.
  private void writeCache(Json json) {
    if (blockBytes > 0 || frameBytes > 0 || hits + misses > 0) {
      json.value(hitRatio(), 2).value(frameBytes).value(mappedBytes).value(blockBytes);
    }
  }
}
