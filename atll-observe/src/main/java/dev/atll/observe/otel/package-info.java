/** Spans and metrics for OpenTelemetry, through its API alone. */
@NullMarked
package dev.atll.observe.otel;

import org.jspecify.annotations.NullMarked;
