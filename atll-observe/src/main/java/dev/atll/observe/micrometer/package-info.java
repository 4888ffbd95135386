/** Metrics for Micrometer and, through its registries, for Prometheus and others. */
@NullMarked
package dev.atll.observe.micrometer;

import org.jspecify.annotations.NullMarked;
