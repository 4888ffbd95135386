/** Fixed suites of measurements, each held against a figure that was promised for it. */
@NullMarked
package dev.atll.bench.suite;

import org.jspecify.annotations.NullMarked;
