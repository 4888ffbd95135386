@NullMarked
package dev.atll.bench.browser;

import org.jspecify.annotations.NullMarked;
