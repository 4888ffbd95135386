/** What to compact now: snapshot of the tree, leases, the choice and its jobs. */
@org.jspecify.annotations.NullMarked
package dev.atll.schedule;
