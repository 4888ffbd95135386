package dev.atll.policy;

import dev.atll.kernel.Action;
import dev.atll.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees as text, and what a policy picks. A file holds cases with an empty line between them:
 *
 * <pre>
 * # what it shows
 * define key=value ...
 * L1 target=4000 slots=8
 *   0..1 leased split get=9: 600 300/ow=500 ...   (children: the runs' bytes, newest first, with facts)
 * then
 * another tree, which the same policy sees next; only what it says to the last one is shown
 * pick POLICY
 * ----
 * one line per candidate
 * </pre>
 */
final class PolicyGoldenTest {
  private static final Pattern FACT = Pattern.compile("(\\w+)=([\\d.]+)");
  private static final int ENTRY_BYTES = 10;

  @ParameterizedTest
  @ValueSource(strings = {"simple", "baselines", "atll"})
  void picksAsWritten(String file) throws IOException {
    Path path = Golden.resource("testdata/policy/" + file + ".txt");
    StringBuilder out = new StringBuilder();
    for (String block : Files.readString(path).split("\n\n+")) {
      String question = block.substring(0, block.indexOf("----"));
      out.append(out.isEmpty() ? "" : "\n").append(question).append("----\n").append(answer(question));
    }
    Golden.check(path, out.toString());
  }

  private static String answer(String question) {
    String name =
        question.lines().filter(l -> l.startsWith("pick ")).findFirst().orElseThrow().substring(5);
    CompactionPolicy policy = Policies.byName(name, 1);
    String answer = "";
    for (String tree : question.split("\nthen\n")) {
      answer = show(policy.candidates(snapshot(tree)));
    }
    return answer;
  }

  private static TreeSnapshot snapshot(String question) {
    Map<String, Double> defined = new TreeMap<>();
    List<LevelFacts> levels = new ArrayList<>();
    List<SlotFacts> slots = new ArrayList<>();
    long target = 0;
    int slotCountTarget = 0;
    for (String line : question.split("\n")) {
      Map<String, Double> facts = facts(line);
      if (line.startsWith("define")) {
        defined.putAll(facts);
      } else if (line.startsWith("  ")) {
        slots.add(slot(levels.size() + 1, slots.size(), line.strip()));
      } else if (line.startsWith("L")) {
        if (!slots.isEmpty()) {
          levels.add(new LevelFacts(levels.size() + 1, target, slotCountTarget, slots));
          slots = new ArrayList<>();
        }
        target = facts.getOrDefault("target", 0.0).longValue();
        slotCountTarget = facts.getOrDefault("slots", 1.0).intValue();
      }
    }
    levels.add(new LevelFacts(levels.size() + 1, target, slotCountTarget, slots));
    PolicySettings settings =
        new PolicySettings(
            defined.getOrDefault("memtable", 1000.0).longValue(),
            defined.getOrDefault("T", 4.0).intValue(),
            defined.getOrDefault("slot", 250.0).longValue(),
            defined.getOrDefault("cap", 16.0).intValue(),
            defined.getOrDefault("space", 10.0),
            defined.getOrDefault("deadline", (double) Long.MAX_VALUE).longValue(),
            defined.getOrDefault("tombstones", 1001.0).intValue(),
            defined.getOrDefault("reads", (double) Integer.MAX_VALUE).intValue());
    // A probe 1, a false positive 10, a seek 20; merging a byte 1: so that answers can be checked by eye.
    UnitCosts costs = new UnitCosts(1, 10, 20, 0.25, 0.75);
    return new TreeSnapshot(
        settings, costs, defined.getOrDefault("theta", 1.0), List.of(), levels);
  }

  private static String show(List<Candidate> candidates) {
    StringBuilder out = new StringBuilder();
    for (Candidate c : candidates) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s%s why=%s bytes=%d burden=%.0f index=%s%n",
              c.urgent() ? "URGENT " : "",
              action(c.action()),
              c.reason(),
              c.bytesWritten(),
              c.burdenNanos(),
              c.index() == Offers.FREE_INDEX ? "free" : String.format(Locale.ROOT, "%.2f", c.index())));
    }
    return out.isEmpty() ? "nothing\n" : out.toString();
  }

  private static String action(Action action) {
    String where = "L%d/%d".formatted(action.level(), action.slot());
    return switch (action) {
      case Action.Merge m -> "Merge %s %d-%d".formatted(where, m.first(), m.last());
      case Action.Promote p ->
          "Promote %s from %d absorb %s"
              .formatted(where, p.first(), p.absorb() == Integer.MAX_VALUE ? "all" : p.absorb());
      case Action.Move m -> "Move %s from %d".formatted(where, m.first());
      case Action.Split s -> "Split %s".formatted(where);
      case Action.Join j -> "Join %s".formatted(where);
      default -> action.label() + " " + where;
    };
  }

  private static SlotFacts slot(int level, int rank, String line) {
    int colon = line.indexOf(':');
    String head = line.substring(0, colon);
    int first = -1;
    int last = -1;
    Matcher children = Pattern.compile("(\\d+)\\.\\.(\\d+)").matcher(head);
    if (children.find()) {
      first = Integer.parseInt(children.group(1));
      last = Integer.parseInt(children.group(2));
    }
    List<RunFacts> runs = new ArrayList<>();
    for (String text : line.substring(colon + 1).strip().split("\\s+")) {
      if (!text.isEmpty()) {
        runs.add(run(level * 1000L + rank * 100L + runs.size(), text));
      }
    }
    boolean leased = head.contains("leased");
    Map<String, Double> facts = facts(head);
    return new SlotFacts(
        level,
        rank,
        100L * level + rank,
        leased,
        head.contains("split"),
        first,
        last,
        facts.getOrDefault("get", 0.0),
        facts.getOrDefault("seek", 0.0),
        facts.getOrDefault("write", 0.0),
        runs);
  }

  private static RunFacts run(long id, String text) {
    Map<String, Double> facts = facts(text);
    long bytes = Long.parseLong(text.split("/")[0]);
    long entries = bytes / ENTRY_BYTES;
    return new RunFacts(
        facts.containsKey("id") ? facts.get("id").longValue() : id,
        bytes,
        entries,
        (long) (entries * facts.getOrDefault("del", 0.0) / 1000),
        facts.getOrDefault("ow", 0.0).intValue(),
        facts.getOrDefault("age", 0.0).longValue(),
        facts.containsKey("retained"),
        facts.getOrDefault("dead", 0.0).intValue(),
        facts.getOrDefault("p", 0.0).longValue(),
        0,
        facts.getOrDefault("fp", 0.0).longValue(),
        0,
        facts.getOrDefault("s", 0.0).longValue(),
        facts.getOrDefault("miss", 0.0).longValue());
  }

  private static Map<String, Double> facts(String text) {
    Map<String, Double> facts = new TreeMap<>();
    Matcher matcher = FACT.matcher(text);
    while (matcher.find()) {
      facts.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
    }
    return facts;
  }
}
