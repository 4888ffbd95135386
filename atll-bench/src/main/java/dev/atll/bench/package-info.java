/**
 * The workbench: command line, workloads, experiments, peers.
 */
@NullMarked
package dev.atll.bench;

import org.jspecify.annotations.NullMarked;
