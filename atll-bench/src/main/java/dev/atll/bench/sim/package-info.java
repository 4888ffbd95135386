/**
 * The tree without its data: the policies that ship, on a virtual clock and a model of a device. A
 * run is the number of writes that reached each stretch of the key space, its entries are expected
 * numbers of distinct keys. What the engine does to slots, guards and runs is done here the same way.
 */
@org.jspecify.annotations.NullMarked
package dev.atll.bench.sim;
