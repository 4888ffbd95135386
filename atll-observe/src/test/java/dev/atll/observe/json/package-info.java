@NullMarked
package dev.atll.observe.json;

import org.jspecify.annotations.NullMarked;
