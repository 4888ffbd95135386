@NullMarked
package dev.atll.observe.jfr;

import org.jspecify.annotations.NullMarked;
