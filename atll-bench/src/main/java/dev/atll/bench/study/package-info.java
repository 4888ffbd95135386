/**
 * Experiments by name: hypotheses written down beforehand, runs of the simulator and of the engine,
 * intervals, and one page that shows it all.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.bench.study;
