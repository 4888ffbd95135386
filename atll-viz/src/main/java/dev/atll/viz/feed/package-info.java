/**
 * From events to frames: a bounded queue that never makes an emitter wait, and a clock that folds
 * what came in and hands the change to the viewers, at most 20 times a second.
 */
@NullMarked
package dev.atll.viz.feed;

import org.jspecify.annotations.NullMarked;
