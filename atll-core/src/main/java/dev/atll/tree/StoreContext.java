package dev.atll.tree;

import dev.atll.base.Reports;
import dev.atll.env.Clock;
import dev.atll.env.Workers;

/**
 * What every part of a store runs under.
 *
 * @param clock its time
 * @param workers its threads
 * @param events where it tells what it does
 * @param health where it says what is wrong
 */
public record StoreContext(Clock clock, Workers workers, Reports events, Health health) {}
