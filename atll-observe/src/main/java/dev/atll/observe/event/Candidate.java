package dev.atll.observe.event;

/**
 * One action a policy could have taken, with the numbers it was judged by.
 *
 * @param kind what would be done
 * @param level the level of the runs it starts from
 * @param slot the slot within that level
 * @param firstRun place of the newest run taken, 0 being the slot's newest
 * @param runs how many neighbouring runs it takes
 * @param costBytes all bytes it would read and write
 * @param burdenMicros measured read burden it would remove, in microseconds
 * @param index the policy's score: act on the largest
 * @param urgent true if a hard constraint asks for it, whatever its index
 */
public record Candidate(
    ActionKind kind,
    int level,
    int slot,
    int firstRun,
    int runs,
    long costBytes,
    double burdenMicros,
    double index,
    boolean urgent) {}
