@NullMarked
package dev.atll.viz.feed;

import org.jspecify.annotations.NullMarked;
