/**
 * Learning from measured rewards, as pure seeded classes: contextual bandits that tune theta. Context
 * and reward are numbers that somebody else measured.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.policy.learn;
