package dev.atll.tree;

import dev.atll.manifest.OwnedStorage;
import dev.atll.mvcc.SnapshotRegistry;
import java.util.function.LongSupplier;

/**
 * What everybody works with who reads or changes the tree.
 *
 * @param storage the directory
 * @param disk the room on it
 * @param states the published state
 * @param installer the one door through which the tree changes
 * @param tables the open tables
 * @param views makes runs of tables and parts of runs
 * @param snapshots what readers have pinned
 * @param numbers gives the next number of a table, run or slot
 */
public record TreeAccess(
    OwnedStorage storage,
    DiskSpace disk,
    StateHolder states,
    TreeInstaller installer,
    TableCache tables,
    RunViews views,
    SnapshotRegistry snapshots,
    LongSupplier numbers) {}
