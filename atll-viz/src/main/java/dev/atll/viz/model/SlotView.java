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
  double readBurdenMicros;
  double writeBurdenBytes;
  Longs runFiles = Longs.empty();
  Longs runBytes = Longs.empty();
  @Nullable SlotHistory history;

  private long sentSignature;

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

  /** Whether a viewer would see a difference to what was sent last. */
  boolean visiblyChanged() {
    return signature() != sentSignature;
  }

  // Heat moves all the time: steps below one in a hundred, and below a tenth of a burden, are not
  // worth a message to every viewer.
  private long signature() {
    long hash = slot;
    hash = hash * 31 + Math.round(lowFraction * 1e5);
    hash = hash * 31 + Math.round(highFraction * 1e5);
    hash = hash * 31 + runs;
    hash = hash * 31 + bytes;
    hash = hash * 31 + Math.round(heat * 100);
    hash = hash * 31 + k;
    hash = hash * 31 + Math.round(kStar * 10);
    hash = hash * 31 + Math.round(Math.log1p(Math.max(0, readBurdenMicros)) * 10);
    hash = hash * 31 + Math.round(Math.log1p(Math.max(0, writeBurdenBytes)) * 10);
    hash = hash * 31 + runFiles.hashCode();
    hash = hash * 31 + runBytes.hashCode();
    return hash;
  }

  /** Writes an array: the page's model.js reads the places in this order. */
  void write(Json json, RunBirths births) {
    sentSignature = signature();
    json.array().value(level).value(slot).value(lowFraction, 5).value(highFraction, 5);
    json.value(runs).value(bytes).value(heat, 2).value(k).value(kStar, 1);
    json.value(readBurdenMicros, 1).value(writeBurdenBytes, 0);
    json.values(runFiles.toArray()).values(runBytes.toArray()).array();
    for (int i = 0; i < runFiles.size(); i++) {
      json.value(births.secondsOf(runFiles.get(i)));
    }
    json.endArray().endArray();
  }
}
