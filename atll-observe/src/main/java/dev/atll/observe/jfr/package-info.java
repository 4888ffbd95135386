/** Turning points of the engine as JDK Flight Recorder events; {@code atll.jfc} lists them. */
@NullMarked
package dev.atll.observe.jfr;

import org.jspecify.annotations.NullMarked;
