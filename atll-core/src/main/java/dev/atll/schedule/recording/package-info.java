/** Writes looks down and measures regret; a tool beside the store, not in its jar. */
@org.jspecify.annotations.NullMarked
package dev.atll.schedule.recording;
