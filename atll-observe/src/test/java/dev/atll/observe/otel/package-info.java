@NullMarked
package dev.atll.observe.otel;

import org.jspecify.annotations.NullMarked;
