package dev.atll.bench.cli;

import dev.atll.bench.report.Json;
import dev.atll.bench.report.ResultFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The file of an option such as {@code --json}: prepared before the work, written after the table
 * is out, so that neither can cost the other. When it goes to standard output, the table goes to
 * standard error.
 */
final class JsonResult implements AutoCloseable {
  /** What the help text says of such an option. */
  static final String DESCRIPTION =
      "Writes the report here as JSON; - is standard output, the table then goes to standard error.";

  private final CommandLine command;
  private final @Nullable ResultFile file;

  private JsonResult(CommandLine command, @Nullable ResultFile file) {
    this.command = command;
    this.file = file;
  }

  /**
   * Looks whether the place can be written.
   *
   * @param place the user's choice; null for none
   * @throws IOException if it cannot be
   */
  static JsonResult prepare(CommandLine command, @Nullable Path place) throws IOException {
    return new JsonResult(command, place == null ? null : ResultFile.prepare(place));
  }

  /** Where the command's table goes. */
  PrintWriter table() {
    return file != null && file.isStandardOutput() ? command.getErr() : command.getOut();
  }

  /** Writes the report, if one was asked for. */
  void write(Map<String, Object> report) throws IOException {
    if (file != null) {
      writeText(Json.text(report));
    }
  }

  /** Writes a text, if one was asked for. */
  void writeText(String text) throws IOException {
    if (file != null) {
      command.getOut().flush();
      file.write(text);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
