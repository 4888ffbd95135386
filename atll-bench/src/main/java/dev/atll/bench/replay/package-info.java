/** Recorded decisions, decided again, scored, and held against hindsight. */
@NullMarked
package dev.atll.bench.replay;

import org.jspecify.annotations.NullMarked;
