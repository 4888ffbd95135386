package dev.atll.bench.study;

import dev.atll.bench.report.EnvironmentFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page that shows an experiment: one file, no script, nothing from elsewhere. */
public final class Page {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#57606a;--rule:#d0d7de;--wash:#f6f8fa;--good:#1a7f37;--bad:#b3261e}
      @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--soft:#9198a1;--rule:#30363d;--wash:#161b22;--good:#3fb950;--bad:#ff7b72}}
      body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:64rem;margin:2rem auto;padding:0 1rem}
      h1,h2,h3{line-height:1.25}h2{margin-top:2.5rem;border-bottom:1px solid var(--rule)}
      table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
      .scroll{overflow-x:auto}th,td{padding:.25rem .6rem;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top}
      th:first-child,td:first-child,td.text{text-align:left}thead th{background:var(--wash)}
      figure{margin:1rem 0}figcaption{color:var(--soft)}svg{width:100%;height:auto;max-width:60rem}
      .grid{stroke:var(--rule);stroke-width:1}.tick,.legend,.axis{fill:var(--soft);font-size:11px;font-family:system-ui,sans-serif}.legend,.axis{fill:var(--ink)}
      .line{fill:none;stroke-width:2}.bar{stroke-width:1.5}
      .held{color:var(--good);font-weight:600}.failed{color:var(--bad);font-weight:600}code{background:var(--wash);padding:0 .2em}
      """;
  private static final String[] COLOURS = {
    "#0969da", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#0e8a8a", "#b08800", "#bf3989", "#57606a", "#6639ba"
  };

  private final StringBuilder body = new StringBuilder();
  private final List<String> verdicts = new ArrayList<>();
  private final String title;

  /** An empty page. */
  public Page(String title) {
    this.title = title;
  }

  /** Begins a section. */
  public Page section(String name) {
    body.append("<h2>").append(escape(name)).append("</h2>\n");
    return this;
  }

  /** Adds a paragraph. */
  public Page text(String paragraph) {
    body.append("<p>").append(escape(paragraph)).append("</p>\n");
    return this;
  }

  /** Adds a picture. */
  public Page chart(Chart chart) {
    body.append(chart.svg()).append('\n');
    return this;
  }

  /** Adds a table; the first row is the head. */
  public Page table(List<List<String>> rows) {
    body.append("<div class=scroll><table>");
    for (int i = 0; i < rows.size(); i++) {
      String cell = i == 0 ? "th" : "td";
      body.append(i == 0 ? "<thead><tr>" : "<tr>");
      for (String value : rows.get(i)) {
        body.append('<').append(cell).append('>').append(escape(value));
        body.append("</").append(cell).append('>');
      }
      body.append(i == 0 ? "</tr></thead>" : "</tr>");
    }
    body.append("</table></div>\n");
    return this;
  }

  /** What became of a hypothesis. */
  void verdict(String hypothesis, String measured, Verdict.Outcome outcome) {
    String mark =
        switch (outcome) {
          case HELD -> "held";
          case FAILED -> "failed";
          case OPEN -> "open";
        };
    verdicts.add(
        String.format(
            Locale.ROOT,
            "<tr><td class=text>%s</td><td class=text>%s</td><td class=\"%s\">%s</td></tr>",
            escape(hypothesis), escape(measured), mark, mark));
  }

  void write(Path file, List<String> hypotheses, String command) throws IOException {
    StringBuilder asked = new StringBuilder();
    asked.append("<h2>Hypotheses, written before the runs</h2><ol>");
    hypotheses.forEach(h -> asked.append("<li>").append(escape(h)).append("</li>"));
    asked.append("</ol><h2>What became of them</h2><div class=scroll><table><thead><tr>");
    asked.append("<th>hypothesis<th>measured<th>outcome</tr></thead>");
    verdicts.forEach(asked::append);
    asked.append("</table></div>\n");
    Files.writeString(file, html(command, asked.toString()));
  }

  /**
   * The page as text.
   *
   * @param command by what it can be made again
   */
  public String html(String command) {
    return html(command, "");
  }

  private String html(String command, String asked) {
    StringBuilder out = new StringBuilder();
    out.append("<!doctype html><html lang=en><meta charset=utf-8>");
    out.append("<meta name=viewport content=\"width=device-width,initial-scale=1\">");
    out.append("<title>").append(escape(title)).append("</title><style>").append(STYLE);
    for (int i = 0; i < COLOURS.length; i++) {
      out.append(String.format(Locale.ROOT, ".line.c%d,.bar.c%d{stroke:%s}", i, i, COLOURS[i]));
      out.append(String.format(Locale.ROOT, ".dot.c%d,.swatch.c%d{fill:%s}", i, i, COLOURS[i]));
    }
    out.append("@media(prefers-color-scheme:dark){.line,.bar,.dot,.swatch{filter:brightness(1.45)}}");
    out.append("</style><h1>").append(escape(title)).append("</h1>\n<p>Command: <code>");
    out.append(escape(command)).append("</code></p>").append(asked).append(body);
    out.append("<h2>Where this ran</h2><div class=scroll><table>");
    EnvironmentFacts.collect()
        .forEach(
            (name, value) ->
                out.append("<tr><td>").append(escape(name)).append("<td class=text>")
                    .append(escape(String.valueOf(value))).append("</tr>"));
    return out.append("</table></div></html>\n").toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
