package dev.atll.api;

import java.util.List;

/**
 * What a repair saved, and what it could not.
 *
 * @param entries live keys written to the new store
 * @param tablesLost tables of which nothing could be read
 * @param problems what was not whole, one line each: file, place, and near which key; empty if all
 *     was
 */
public record RepairReport(long entries, int tablesLost, List<String> problems) {
  /** Copies the list. */
  public RepairReport {
    problems = List.copyOf(problems);
  }
}
