/** Words everybody speaks: keys, kinds, cursors, lookups. Knows no file and no thread. */
@org.jspecify.annotations.NullMarked
package dev.atll.base;
