package dev.atll.viz.model;

/** The last two minutes or so of one slot, one sample a second, in a ring. */
final class SlotHistory {
  static final int SAMPLES_MAX = 120;
  private static final long SPACING_MILLIS = 1_000;

  private final int[] seconds = new int[SAMPLES_MAX];
  private final float[] heat = new float[SAMPLES_MAX];
  private final float[] mebibytes = new float[SAMPLES_MAX];
  private final byte[] runs = new byte[SAMPLES_MAX];
  private int size;
  private int next;
  private long lastMillis = Long.MIN_VALUE / 2;

  void sample(long nowMillis, SlotView view) {
    if (nowMillis - lastMillis < SPACING_MILLIS) {
      return;
    }
    lastMillis = nowMillis;
    seconds[next] = (int) (nowMillis / 1_000);
    heat[next] = (float) view.heat;
    mebibytes[next] = view.bytes / 1_048_576f;
    runs[next] = (byte) Math.min(Byte.MAX_VALUE, view.runs);
    next = (next + 1) % SAMPLES_MAX;
    size = Math.min(size + 1, SAMPLES_MAX);
  }

  int size() {
    return size;
  }

  void write(Json json) {
    json.name("t").array();
    each(i -> json.value(seconds[i]));
    json.endArray().name("heat").array();
    each(i -> json.value(heat[i], 2));
    json.endArray().name("mib").array();
    each(i -> json.value(mebibytes[i], 2));
    json.endArray().name("runs").array();
    each(i -> json.value(runs[i]));
    json.endArray();
  }

  private void each(java.util.function.IntConsumer action) {
    for (int i = 0; i < size; i++) {
      action.accept((next - size + i + SAMPLES_MAX) % SAMPLES_MAX);
    }
  }
}
