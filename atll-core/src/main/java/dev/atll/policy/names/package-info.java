/** What options may name, told to the floor below. */
@org.jspecify.annotations.NullMarked
package dev.atll.policy.names;
