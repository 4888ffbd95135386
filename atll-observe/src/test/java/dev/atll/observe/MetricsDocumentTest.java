package dev.atll.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MetricsDocumentTest {

  @Test
  void tableHoldsEveryConstantOnce() {
    long constants =
        Arrays.stream(Metrics.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == MetricName.class)
            .count();
    assertEquals(constants, Metrics.all().size());
    assertEquals(constants, Metrics.all().stream().map(MetricName::name).distinct().count());
  }

  @Test
  void metricsDocumentIsUpToDate() {
    RepoFiles.assertGolden("context/metrics.md", document());
  }

  private static String document() {
    StringBuilder out = new StringBuilder();
    out.append("# Metrics\n\n");
    out.append("Generated from `Metrics` and `PromisedNames` by `MetricsDocumentTest`; ");
    out.append("`-Drewrite=true` renews it.\n\n");
    out.append("Micrometer and OpenTelemetry show these names; Prometheus derives its own ");
    out.append(
        "(`atll_compaction_bytes_total`).\nDurations are recorded in nanoseconds and shown ");
    out.append("in seconds, with quantiles and maximum of the last one\nto two minutes. Gauges ");
    out.append("labelled by `slot` are shown to backends as `stat` = min, mean and max of their\n");
    out.append("level; single slots are told by events (`events.md`).\n\n");
    out.append("| Metric | Kind | Recorded in | Labels | What it is |\n|---|---|---|---|---|\n");
    for (MetricName name : Metrics.all()) {
      out.append("| `").append(name.name()).append("` | ").append(lower(name.kind()));
      out.append(" | ").append(lower(name.unit())).append(" | ");
      out.append(
          name.labelKeys().isEmpty() ? "–" : "`" + String.join("` `", name.labelKeys()) + "`");
      out.append(" | ").append(name.description()).append(" |\n");
      assertTrue(name.description().endsWith("."), name.name());
    }
    out.append("\n## Names of the source design\n\n");
    out.append("Shown under exactly these names by `MeterSnapshot.promised()` and by ");
    out.append("`AtllMetrics` with `NameStyle.PROMISED`.\n\n");
    out.append("| Promised name | Kind | Comes from | Where | Factor |\n|---|---|---|---|---|\n");
    for (PromisedName promised : PromisedNames.all()) {
      out.append("| `").append(promised.name()).append("` | ");
      out.append(lower(promised.metric().kind())).append(" | `");
      out.append(promised.metric().name()).append("` | ");
      out.append(
          promised.labelKey() == null
              ? "–"
              : "`" + promised.labelKey() + "=" + promised.labelValue() + "`");
      out.append(" | ").append(promised.scale() == 1 ? "1" : promised.scale()).append(" |\n");
    }
    return out.toString();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void sameNameIsNeverPromisedTwice() {
    List<String> names = PromisedNames.all().stream().map(PromisedName::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
