package dev.atll.bench.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A picture of points over two axes, as inline SVG that follows the page's colours. */
public final class Chart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 340;
  private static final int LEFT = 64;
  private static final int RIGHT = 190;
  private static final int TOP = 16;
  private static final int BOTTOM = 46;
  private static final int LABEL_MAX = 26;
  private static final int PLACES_MAX = 8;

  /** A named row of points; with an interval, each also has a low and a high value. */
  private record Series(String name, double[] x, double[] y, double[] low, double[] high, boolean line) {}

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> series = new ArrayList<>();
  private boolean logX;
  private boolean logY;

  /**
   * An empty picture.
   *
   * @param title what it shows
   * @param xLabel names the axis along
   * @param yLabel names the axis up
   */
  public Chart(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /** Logarithmic axes. */
  public Chart log(boolean x, boolean y) {
    logX = x;
    logY = y;
    return this;
  }

  /** Points joined by a line. */
  public Chart line(String name, double[] x, double[] y) {
    series.add(new Series(name, x, y, y, y, true));
    return this;
  }

  /** Points joined by a line, each with an interval. */
  Chart line(String name, double[] x, Interval[] y) {
    double[] mean = new double[y.length];
    double[] low = new double[y.length];
    double[] high = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      mean[i] = y[i].mean();
      low[i] = y[i].low();
      high[i] = y[i].high();
    }
    series.add(new Series(name, x, mean, low, high, true));
    return this;
  }

  /** Points alone. */
  Chart points(String name, double[] x, double[] y) {
    series.add(new Series(name, x, y, y, y, false));
    return this;
  }

  /** The picture. */
  String svg() {
    double[] xs = range(true);
    double[] ys = range(false);
    StringBuilder out = new StringBuilder();
    out.append("<figure><figcaption>").append(Page.escape(title)).append("</figcaption>");
    out.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, Page.escape(title)));
    axes(out, xs, ys);
    for (int i = 0; i < series.size(); i++) {
      draw(out, series.get(i), i, xs, ys);
    }
    return out.append("</svg></figure>").toString();
  }

  private double[] range(boolean horizontal) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    boolean log = horizontal ? logX : logY;
    for (Series s : series) {
      for (int i = 0; i < s.x.length; i++) {
        for (double v : horizontal ? new double[] {s.x[i]} : new double[] {s.low[i], s.high[i]}) {
          if (Double.isFinite(v) && (!log || v > 0)) {
            low = Math.min(low, v);
            high = Math.max(high, v);
          }
        }
      }
    }
    if (low > high) {
      return new double[] {log ? 1 : 0, log ? 10 : 1};
    }
    if (log) {
      return new double[] {low / 1.15, high * 1.15};
    }
    if (!horizontal) {
      low = Math.min(low, low > 0 && low < high / 2 ? 0 : low - (high - low) * 0.08);
    }
    double pad = high == low ? Math.max(1e-9, Math.abs(high) * 0.1) : (high - low) * 0.05;
    return new double[] {horizontal ? low - pad : low, high + pad};
  }

  private double px(double v, double[] r) {
    return LEFT + place(v, r, logX) * (WIDTH - LEFT - RIGHT);
  }

  private double py(double v, double[] r) {
    return HEIGHT - BOTTOM - place(v, r, logY) * (HEIGHT - TOP - BOTTOM);
  }

  private static double place(double v, double[] r, boolean log) {
    double at =
        log
            ? (Math.log(Math.max(v, r[0])) - Math.log(r[0])) / (Math.log(r[1]) - Math.log(r[0]))
            : (v - r[0]) / (r[1] - r[0]);
    return Math.clamp(at, 0, 1);
  }

  private void axes(StringBuilder out, double[] xs, double[] ys) {
    List<Double> along = ticks(ys, logY);
    // A logarithmic axis of less than a factor of 2 may have no round number of its own.
    for (double v : along.size() < 2 ? ticks(ys, false) : along) {
      out.append(
          text(
              "<line class=grid x1=%d x2=%d y1=%.1f y2=%.1f /><text class=tick x=%d y=%.1f text-anchor=end>%s</text>",
              LEFT, WIDTH - RIGHT, py(v, ys), py(v, ys), LEFT - 6, py(v, ys) + 4, number(v)));
    }
    for (double v : logX ? places(xs) : ticks(xs, false)) {
      out.append(
          text(
              "<line class=grid x1=%.1f x2=%.1f y1=%d y2=%d /><text class=tick x=%.1f y=%d text-anchor=middle>%s</text>",
              px(v, xs), px(v, xs), TOP, HEIGHT - BOTTOM, px(v, xs), HEIGHT - BOTTOM + 16, number(v)));
    }
    out.append(
        text(
            "<text class=axis x=%d y=%d text-anchor=middle>%s</text>",
            LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 8, Page.escape(xLabel)));
    out.append(
        text(
            "<text class=axis x=14 y=%d text-anchor=middle transform=\"rotate(-90 14 %d)\">%s</text>",
            HEIGHT / 2, HEIGHT / 2, Page.escape(yLabel)));
  }

  private void draw(StringBuilder out, Series s, int index, double[] xs, double[] ys) {
    String colour = "c" + index % 10;
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < s.x.length; i++) {
      if (!Double.isFinite(s.y[i])) {
        continue;
      }
      double x = px(s.x[i], xs);
      double y = py(s.y[i], ys);
      path.append(text("%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
      if (s.high[i] > s.low[i]) {
        out.append(
            text(
                "<line class=\"bar %s\" x1=%.1f x2=%.1f y1=%.1f y2=%.1f />",
                colour, x, x, py(s.low[i], ys), py(s.high[i], ys)));
      }
      if (!s.line || s.x.length <= 40) {
        out.append(
            text(
                "<circle class=\"dot %s\" cx=%.1f cy=%.1f r=3><title>%s: %s, %s</title></circle>",
                colour, x, y, Page.escape(s.name), number(s.x[i]), number(s.y[i])));
      }
    }
    if (s.line) {
      out.append(text("<path class=\"line %s\" d=\"%s\" />", colour, path));
    }
    double ly = TOP + 12 + index * 16.0;
    String name = s.name.length() > LABEL_MAX ? s.name.substring(0, LABEL_MAX - 1) + "…" : s.name;
    out.append(
        text(
            "<rect class=\"swatch %s\" x=%d y=%.1f width=10 height=10 /><text class=legend x=%d y=%.1f>%s</text>",
            colour, WIDTH - RIGHT + 10, ly - 9, WIDTH - RIGHT + 25, ly, Page.escape(name)));
  }

  /** Where a logarithmic axis is marked: at the points themselves if they are few, so that each has a number. */
  private List<Double> places(double[] r) {
    List<Double> places =
        series.stream()
            .flatMapToDouble(s -> Arrays.stream(s.x))
            .filter(x -> x > 0 && Double.isFinite(x))
            .sorted()
            .distinct()
            .boxed()
            .toList();
    return places.size() <= PLACES_MAX ? places : ticks(r, true);
  }

  private static List<Double> ticks(double[] r, boolean log) {
    List<Double> ticks = new ArrayList<>();
    if (log) {
      for (double p = Math.pow(10, Math.floor(Math.log10(r[0]))); p <= r[1]; p *= 10) {
        for (double m : new double[] {1, 2, 5}) {
          if (p * m >= r[0] && p * m <= r[1]) {
            ticks.add(p * m);
          }
        }
      }
      return ticks;
    }
    double rough = (r[1] - r[0]) / 6;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = rough / power < 1.5 ? power : rough / power < 3.5 ? 2 * power : rough / power < 7 ? 5 * power : 10 * power;
    for (double v = Math.ceil(r[0] / step) * step; v <= r[1]; v += step) {
      ticks.add(Math.abs(v) < step * 1e-9 ? 0 : v);
    }
    return ticks;
  }

  private static String number(double v) {
    double size = Math.abs(v);
    if (size >= 1e6) {
      return brief(v / 1e6) + "M";
    }
    if (size >= 1e4) {
      return brief(v / 1e3) + "k";
    }
    return size >= 100 || v == Math.rint(v) ? text("%.0f", v) : brief(v);
  }

  /** Three digits, without zeros behind the point. */
  private static String brief(double v) {
    String three = text("%.3g", v);
    return three.contains(".") && !three.contains("e")
        ? three.replaceAll("\\.?0+$", "")
        : three;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
