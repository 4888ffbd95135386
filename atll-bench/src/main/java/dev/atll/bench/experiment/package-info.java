/** Drives stores with workloads and traces, measures them, and checks what they answer. */
@NullMarked
package dev.atll.bench.experiment;

import org.jspecify.annotations.NullMarked;
