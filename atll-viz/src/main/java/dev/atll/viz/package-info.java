/**
 * The dashboard: event feed, model of the tree, web page.
 */
@NullMarked
package dev.atll.viz;

import org.jspecify.annotations.NullMarked;
