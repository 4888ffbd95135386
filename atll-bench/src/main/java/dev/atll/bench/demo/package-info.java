/** A run to look at: a store under a workload whose hot part moves, with handles on it. */
@NullMarked
package dev.atll.bench.demo;

import org.jspecify.annotations.NullMarked;
