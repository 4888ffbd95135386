package dev.atll.replay;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.LookRules;
import dev.atll.policy.TreeSnapshot;
import java.util.Map;

/**
 * One look of a policy at the tree, as it was.
 *
 * @param event what came with it: when it was, what was decided, what was refused
 * @param rules what is the same for all looks of one policy
 * @param snapshot what the policy saw, equal to the original in every bit
 * @param spans revisions of each run, by its id
 */
public record Look(
    DecisionEvent.Looked event,
    LookRules rules,
    TreeSnapshot snapshot,
    Map<Long, RevisionSpan> spans) {}
