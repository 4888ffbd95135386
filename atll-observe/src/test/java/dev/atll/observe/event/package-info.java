@NullMarked
package dev.atll.observe.event;

import org.jspecify.annotations.NullMarked;
