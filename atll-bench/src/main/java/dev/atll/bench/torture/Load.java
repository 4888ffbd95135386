package dev.atll.bench.torture;

import dev.atll.Atll;
import dev.atll.api.AtllDb;
import dev.atll.api.AtllException;
import dev.atll.api.Cursor;
import dev.atll.api.Durability;
import dev.atll.api.KeyRange;
import dev.atll.api.Snapshot;
import dev.atll.api.StorageFullException;
import dev.atll.api.StoreClosedException;
import dev.atll.api.WriteBatch;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The process that is killed: opens the store, loads it with several threads for ever, and says on
 * its standard output what it asked for and what returned. A thread of its own flushes, compacts,
 * switches policies and scans meanwhile.
 */
final class Load {
  private static final int READ_PERIOD = 8;

  private final AtllDb db;
  private final LoadPlan plan;
  private final int cycle;
  private final OutputStream out;
  private volatile boolean ended;

  private Load(AtllDb db, LoadPlan plan, int cycle, OutputStream out) {
    this.db = db;
    this.plan = plan;
    this.cycle = cycle;
    this.out = out;
  }

  /** The command line that {@link #main} understands. */
  static List<String> arguments(Path directory, LoadPlan plan, int cycle) {
    Durability durability = plan.durability();
    return List.of(
        directory.toString(),
        Long.toString(plan.seed()),
        Integer.toString(plan.keys()),
        Integer.toString(plan.threads()),
        durability == null ? "-" : durability.name(),
        Integer.toString(cycle));
  }

  /** Loads until it is killed, or the disk is full. */
  public static void main(String[] args) throws Exception {
    LoadPlan plan =
        new LoadPlan(
            Long.parseLong(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            args[4].equals("-") ? null : Durability.valueOf(args[4]));
    int cycle = Integer.parseInt(args[5]);
    // Unbuffered: each record has to be with the kernel before the next step is taken.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    AtllDb db = Atll.open(Path.of(args[0]), plan.options(cycle));
    Load load = new Load(db, plan, cycle, out);
    new Message(Message.Kind.READY, 0, 0, db.visibleRevision()).send(out);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < plan.threads(); i++) {
      int thread = i;
      threads.add(Thread.ofPlatform().start(() -> fatal(() -> load.write(thread))));
    }
    Thread.ofPlatform().daemon().start(() -> fatal(load::meddle));
    for (Thread thread : threads) {
      thread.join();
    }
    // Here only when the disk is full: it has to close all the same, and nothing may be lost.
    load.ended = true;
    db.close();
    Runtime.getRuntime().halt(0);
  }

  private interface Body {
    void run() throws Exception;
  }

  /** A thread that ends, ends the process, and the parent sees that nobody had killed it. */
  @SuppressWarnings("SystemOut") // the parent keeps the standard error for its report
  private static void fatal(Body body) {
    try {
      body.run();
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private void write(int thread) throws IOException {
    Map<Integer, Long> mine = new HashMap<>();
    SplittableRandom random = new SplittableRandom(plan.seed() ^ thread);
    WriteBatch batch = new WriteBatch();
    for (int sequence = 1; ; sequence++) {
      LoadPlan.Op op = plan.op(cycle, thread, sequence);
      new Message(Message.Kind.ISSUED, thread, sequence, 0).send(out);
      long revision;
      try {
        revision = apply(op, batch);
      } catch (StorageFullException e) {
        return; // refused as promised; the last word is that it was asked for
      }
      new Message(Message.Kind.ACKED, thread, sequence, revision).send(out);
      for (int i = 0; i < op.cells().length; i++) {
        if (plan.isOwned(op.cells()[i])) {
          mine.put(op.cells()[i], op.deletes()[i] ? 0 : op.id());
        }
      }
      if (sequence % READ_PERIOD == 0) {
        int cell = op.cells()[random.nextInt(op.cells().length)];
        Long expected = mine.get(cell);
        if (expected != null && expected != writer(cell, db.get(plan.key(cell)))) {
          new Message(Message.Kind.WRONG_READ, thread, sequence, cell).send(out);
        }
      }
    }
  }

  private long writer(int cell, byte @Nullable [] value) {
    // A damaged value belongs to nobody: neither to the expected writer nor to a deletion.
    return value == null ? 0 : Math.max(1, plan.writer(cell, value));
  }

  private long apply(LoadPlan.Op op, WriteBatch batch) {
    byte[] key = plan.key(op.cells()[0]);
    // Calls that take no durability use that of the store, which is the plan's if it has one.
    if (!op.batch() && plan.durability() != null) {
      return op.deletes()[0] ? db.delete(key) : db.put(key, plan.value(op.id(), op.cells()[0]));
    }
    batch.clear();
    for (int i = 0; i < op.cells().length; i++) {
      if (op.deletes()[i]) {
        batch.delete(plan.key(op.cells()[i]));
      } else {
        batch.put(plan.key(op.cells()[i]), plan.value(op.id(), op.cells()[i]));
      }
    }
    return db.write(batch, op.durability());
  }

  private void meddle() throws InterruptedException {
    SplittableRandom random = new SplittableRandom(plan.seed() + cycle);
    while (true) {
      Thread.sleep(random.nextInt(60));
      try {
        meddle(random);
      } catch (StorageFullException e) {
        // There is room again when something was deleted.
      } catch (StoreClosedException e) {
        if (!ended) {
          throw e;
        }
        return;
      }
    }
  }

  private void meddle(SplittableRandom random) {
    byte[] low = plan.key(random.nextInt(plan.keys()));
    byte[] high = plan.key(random.nextInt(plan.keys()));
    switch (random.nextInt(6)) {
      case 0 -> db.flush();
      case 1 -> db.compact(KeyRange.of(low, high));
      case 2 -> db.compact(KeyRange.all());
      case 3 -> db.policy(LoadPlan.policy(random));
      case 4 -> db.sync();
      default -> scan(low);
    }
  }

  private void scan(byte[] low) {
    try (Snapshot snapshot = db.snapshot();
        Cursor cursor = snapshot.cursor(KeyRange.from(low))) {
      for (int i = 0; i < 200 && cursor.next(); i++) {
        if (cursor.revision() > snapshot.revision()) {
          throw new AssertionError("a snapshot sees a later revision");
        }
      }
    } catch (StoreClosedException e) {
      throw e;
    } catch (AtllException e) {
      throw new AssertionError("a scan failed", e);
    }
  }
}
