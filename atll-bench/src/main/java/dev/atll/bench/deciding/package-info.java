/** What deciding about a tree costs, beside what is decided. */
@NullMarked
package dev.atll.bench.deciding;

import org.jspecify.annotations.NullMarked;
