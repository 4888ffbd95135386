package dev.atll.bench.torture;

import java.nio.file.Path;

/**
 * What the stages of one campaign share.
 *
 * @param seed of everything drawn
 * @param minutes of the whole campaign
 * @param base a directory for stores and devices
 * @param load of the processes that are killed
 * @param kills how many of them at most
 * @param loadMillis longest load before a kill
 */
record TorturePlan(
    long seed, double minutes, Path base, LoadPlan load, int kills, int loadMillis) {}
