package dev.atll.policy;

/**
 * What a rule for one slot has at hand.
 *
 * @param now the tree
 * @param sizes how large levels and slots may be
 * @param offers where candidates go
 */
public record Look(TreeSnapshot now, SizeRules sizes, Offers offers) {}
