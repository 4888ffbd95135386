package dev.atll.env.fault;

import dev.atll.env.OpKind;
import org.jspecify.annotations.Nullable;

/**
 * One call on a file system, after it has ended.
 *
 * @param sequence counts the calls from 0
 * @param kind what was called
 * @param name the file, or the path of the directory
 * @param newName of a rename or link, otherwise null
 * @param bytes of an append, read or mapping, otherwise 0
 * @param failure what it threw, or null
 */
public record FileEvent(
    long sequence,
    OpKind kind,
    String name,
    @Nullable String newName,
    long bytes,
    @Nullable Throwable failure) {
  @Override
  public String toString() {
    return "#"
        + sequence
        + " "
        + kind
        + " "
        + name
        + (newName == null ? "" : " -> " + newName)
        + (bytes == 0 ? "" : " " + bytes + " B")
        + (failure == null ? "" : " failed: " + failure);
  }
}
