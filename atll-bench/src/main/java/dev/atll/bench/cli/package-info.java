/** The {@code atll} command: one class per subcommand, all listed in {@link Main}. */
@NullMarked
package dev.atll.bench.cli;

import org.jspecify.annotations.NullMarked;
