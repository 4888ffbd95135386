/** Measures what decisions are priced with; a tool beside the store, not in its jar. */
@org.jspecify.annotations.NullMarked
package dev.atll.engine.calibration;
