/** A headless Chromium driven by the DevTools protocol, for pictures of the dashboard and its tests. */
@NullMarked
package dev.atll.bench.browser;

import org.jspecify.annotations.NullMarked;
