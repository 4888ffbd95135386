package dev.atll.torture;

import dev.atll.api.Durability;
import dev.atll.api.WriteBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations that change what is in the store. */
final class WriteOps {
  private WriteOps() {}

  /** A value as its number and length, which is how it prints. */
  record Value(int number, int length) {
    Bytes bytes() {
      return Bytes.value(number, length);
    }

    @Override
    public String toString() {
      return "#" + number + "*" + length;
    }
  }

  /** Sets one key. */
  record Put(Bytes key, Value value) implements Op {
    @Override
    public void run(World world) {
      Bytes bytes = value.bytes();
      world.write(
          List.of(new Model.Change(key, bytes)),
          null,
          db -> db.put(key.array(), bytes.array()));
    }
  }

  /** Deletes one key, there or not. */
  record Delete(Bytes key) implements Op {
    @Override
    public void run(World world) {
      world.write(
          List.of(new Model.Change(key, null)), null, db -> db.delete(key.array()));
    }
  }

  /**
   * A change in a batch.
   *
   * @param value null for a deletion
   */
  record Part(Bytes key, @Nullable Value value) {
    @Override
    public String toString() {
      return value == null ? "-" + key : key + "=" + value;
    }
  }

  /**
   * A batch, in which a key may occur more than once.
   *
   * @param durability null for the store's
   */
  record Batch(List<Part> parts, @Nullable Durability durability) implements Op {
    List<Model.Change> changes() {
      return parts.stream()
          .map(p -> new Model.Change(p.key(), p.value() == null ? null : p.value().bytes()))
          .toList();
    }

    WriteBatch encoded() {
      WriteBatch batch = new WriteBatch();
      for (Model.Change change : changes()) {
        Bytes value = change.value();
        if (value == null) {
          batch.delete(change.key().array());
        } else {
          batch.put(change.key().array(), value.array());
        }
      }
      return batch;
    }

    @Override
    public void run(World world) {
      List<Model.Change> changes = changes();
      WriteBatch batch = encoded();
      world.write(
          changes,
          durability,
          db -> durability == null ? db.write(batch) : db.write(batch, durability));
    }
  }

  /** Batches of several callers that meet in one commit group. */
  record Group(List<Batch> members) implements Op {
    @Override
    public void run(World world) {
      List<Batch> full = members.stream().filter(batch -> !batch.parts().isEmpty()).toList();
      if (!full.isEmpty()) {
        world.writeTogether(full);
      }
    }
  }
}
