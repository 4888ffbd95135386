package dev.atll.viz.model;

/**
 * One line of the event log.
 *
 * @param topic what the page's filter knows it by
 * @param weight how much it matters
 * @param level the level it is about, or -1
 * @param slot the slot it is about, or -1
 * @param text one sentence
 */
record LogLine(Topic topic, Weight weight, int level, int slot, String text) {

  /** What a line is about. */
  enum Topic {
    FLUSH,
    ADMISSION,
    COMPACTION,
    DECISION,
    GUARD,
    SLOT,
    PRESSURE,
    WAL,
    CACHE,
    READERS,
    ENGINE,
    FILES,
    WORKLOAD,
    DAMAGE,
    WORTH
  }

  /** How much a line matters. */
  enum Weight {
    INFO(0),
    NOTE(1),
    WARN(2),
    ERROR(3);

    /** From 0, the least, upwards; as the page knows it. */
    final int grade;

    Weight(int grade) {
      this.grade = grade;
    }
  }

  static LogLine info(Topic topic, String text) {
    return new LogLine(topic, Weight.INFO, -1, -1, text);
  }

  static LogLine note(Topic topic, String text) {
    return new LogLine(topic, Weight.NOTE, -1, -1, text);
  }

  static LogLine warn(Topic topic, String text) {
    return new LogLine(topic, Weight.WARN, -1, -1, text);
  }

  static LogLine error(Topic topic, String text) {
    return new LogLine(topic, Weight.ERROR, -1, -1, text);
  }

  LogLine at(int newLevel, int newSlot) {
    return new LogLine(topic, weight, newLevel, newSlot, text);
  }
}
