/** Benchmarks of single parts, by JMH or by pairs of processes. */
@org.jspecify.annotations.NullMarked
package dev.atll.bench.micro;
