@NullMarked
package dev.atll.viz.web;

import org.jspecify.annotations.NullMarked;
