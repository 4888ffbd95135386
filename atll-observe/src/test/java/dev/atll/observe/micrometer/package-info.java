@NullMarked
package dev.atll.observe.micrometer;

import org.jspecify.annotations.NullMarked;
