/** The tree as readers and jobs see it: published states, open tables, the door for changes. */
@org.jspecify.annotations.NullMarked
package dev.atll.tree;
