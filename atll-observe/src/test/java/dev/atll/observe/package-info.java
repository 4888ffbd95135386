@NullMarked
package dev.atll.observe;

import org.jspecify.annotations.NullMarked;
