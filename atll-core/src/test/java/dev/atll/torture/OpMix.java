package dev.atll.torture;

import dev.atll.api.Durability;
import dev.atll.policy.Policies;
import dev.atll.torture.WriteOps.Part;
import dev.atll.torture.WriteOps.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws operations. Each mix leaves some kinds out and likes others, so that histories differ in
 * more than their order.
 */
final class OpMix {
  private static final String[] POLICIES = Policies.names().toArray(new String[0]);

  /** One kind of operation: how likely, and how it is drawn. */
  private record Kind(int weight, Supplier<Op> draw) {}

  private final RandomGenerator random;
  private final KeySpace keys;
  private final int longValues;
  private final List<Kind> kinds = new ArrayList<>();
  private int weights;
  private int values;

  OpMix(long seed) {
    this.random = new SplittableRandom(seed);
    this.keys = new KeySpace(random);
    this.longValues = random.nextInt(3) * random.nextInt(8);
    // Writes are in every mix: without them there is nothing to see.
    kind(200, () -> new WriteOps.Put(keys.key(), value()));
    kind(40, () -> new WriteOps.Delete(keys.key()));
    kind(40, () -> new WriteOps.Batch(parts(), durability()));
    kind(20, () -> new WriteOps.Group(members()));
    int always = kinds.size();
    kind(60, () -> new ReadOps.Get(random.nextInt(3), keys.key()));
    kind(10, () -> new ReadOps.GetAll(random.nextInt(3), manyKeys()));
    kind(15, () -> new ReadOps.Scan(random.nextInt(3), range(), random.nextBoolean()));
    kind(5, () -> new ReadOps.Count(random.nextInt(3), range()));
    kind(15, () -> new ReadOps.Walk(random.nextInt(3), range(), moves()));
    kind(4, () -> new ReadOps.OpenCursor(random.nextInt(3), range()));
    kind(10, () -> new ReadOps.MoveCursor(random.nextInt(8), moves()));
    kind(4, () -> new ReadOps.CloseCursor(random.nextInt(8)));
    kind(8, ReadOps.TakeSnapshot::new);
    kind(5, () -> new ReadOps.CloseSnapshot(random.nextInt(8)));
    kind(12, this::readAt);
    kind(10, StoreOps.Flush::new);
    kind(3, () -> new StoreOps.Compact(range()));
    kind(3, StoreOps.Settle::new);
    kind(6, StoreOps.Sync::new);
    kind(4, () -> new StoreOps.Policy(POLICIES[random.nextInt(POLICIES.length)]));
    kind(4, () -> new StoreOps.Reopen(random.nextInt()));
    kind(4, () -> new StoreOps.Pass(1 << random.nextInt(14)));
    kind(
        2,
        () ->
            new StoreOps.SetClock(
                random.nextBoolean() ? random.nextLong(1L << 36) : -random.nextLong(1L << 36)));
    kind(6, StoreOps.Idle::new);
    kind(2, StoreOps.Verify::new);
    kind(4, () -> new StoreOps.Look(range()));
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      int times = i < always ? 1 + random.nextInt(2) : random.nextInt(3);
      kinds.set(i, new Kind(kind.weight() * times, kind.draw()));
      weights += kind.weight() * times;
    }
  }

  /** A history: the same for the same seed and length. */
  static List<Op> history(long seed, int length) {
    OpMix mix = new OpMix(seed);
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      ops.add(mix.next());
    }
    return ops;
  }

  Op next() {
    int at = random.nextInt(weights);
    for (Kind kind : kinds) {
      at -= kind.weight();
      if (at < 0) {
        return kind.draw().get();
      }
    }
    throw new AssertionError(weights);
  }

  private void kind(int weight, Supplier<Op> draw) {
    kinds.add(new Kind(weight, draw));
  }

  private Value value() {
    int length =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1, 2, 3 -> random.nextInt(20);
          case 4 -> random.nextInt(20) < longValues ? random.nextInt(6000) : 40;
          default -> random.nextInt(200);
        };
    return new Value(values++, length);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int i = random.nextInt(random.nextInt(8) == 0 ? 60 : 8); i > 0; i--) {
      parts.add(new Part(keys.key(), random.nextInt(4) == 0 ? null : value()));
    }
    return List.copyOf(parts);
  }

  private List<Bytes> manyKeys() {
    List<Bytes> many = new ArrayList<>();
    for (int i = random.nextInt(random.nextInt(8) == 0 ? 60 : 6); i > 0; i--) {
      many.add(keys.key());
    }
    return List.copyOf(many);
  }

  private List<WriteOps.Batch> members() {
    List<WriteOps.Batch> members = new ArrayList<>();
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      members.add(new WriteOps.Batch(parts(), durability()));
    }
    return List.copyOf(members);
  }

  private @Nullable Durability durability() {
    return random.nextBoolean() ? null : Durability.values()[random.nextInt(3)];
  }

  private Op readAt() {
    return new ReadOps.ReadAt(
        random.nextInt(random.nextBoolean() ? 10 : 100),
        random.nextInt(6) == 0 ? random.nextInt(5) - 2 : 0,
        keys.key(),
        random.nextInt(4) == 0);
  }

  private Range range() {
    return Range.draw(random, keys);
  }

  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      moves.add(Move.draw(random, keys));
    }
    return List.copyOf(moves);
  }
}
