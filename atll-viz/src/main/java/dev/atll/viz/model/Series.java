package dev.atll.viz.model;

/** The lines of the plots, in the order in which they are sent. */
enum Series {
  GET_RATE("get"),
  PUT_RATE("put"),
  DELETE_RATE("delete"),
  SCAN_RATE("scan"),
  BATCH_RATE("batch"),
  COMMIT_RATE("commit"),
  GET_P50("getP50"),
  GET_P95("getP95"),
  GET_P99("getP99"),
  GET_P999("getP999"),
  PUT_P50("putP50"),
  PUT_P95("putP95"),
  PUT_P99("putP99"),
  PUT_P999("putP999"),
  SCAN_P50("scanP50"),
  SCAN_P95("scanP95"),
  SCAN_P99("scanP99"),
  SCAN_P999("scanP999"),
  /** Bytes of flushes and merges for each byte a user wrote, since the store was opened. */
  WRITE_AMPLIFICATION("wa"),
  /** The same with the log and the manifest. */
  WRITE_AMPLIFICATION_WITH_LOG("waLog"),
  READ_AMPLIFICATION("ra"),
  SPACE_AMPLIFICATION("sa"),
  USER_BYTES_PER_SECOND("userBps"),
  FLUSH_BYTES_PER_SECOND("flushBps"),
  COMPACTION_READ_BYTES_PER_SECOND("compactReadBps"),
  COMPACTION_WRITE_BYTES_PER_SECOND("compactWriteBps"),
  MEMTABLE_BYTES("memtable"),
  L0_FILES("l0"),
  WAL_BYTES("wal"),
  DEBT_BYTES("debt"),
  CACHE_HIT_RATE("hit"),
  LIVE_BYTES("live"),
  DEAD_BYTES("dead"),
  STALL_FRACTION("stall"),
  OVERLAP("bc"),
  PREDICTED_GAIN("gain"),
  REGRET_FRACTION("regret");

  final String wireName;

  Series(String wireName) {
    this.wireName = wireName;
  }
}
