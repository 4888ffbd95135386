/** Named, seeded streams of operations, and the keys and values they act on. */
@NullMarked
package dev.atll.bench.workload;

import org.jspecify.annotations.NullMarked;
