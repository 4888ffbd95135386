/** What measurements become: percentiles, tables, JSON, progress lines, facts about the machine. */
@NullMarked
package dev.atll.bench.report;

import org.jspecify.annotations.NullMarked;
