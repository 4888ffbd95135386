@NullMarked
package dev.atll.viz.model;

import org.jspecify.annotations.NullMarked;
