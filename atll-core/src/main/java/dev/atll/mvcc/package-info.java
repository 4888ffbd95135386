/** Which revisions readers may still need. */
@org.jspecify.annotations.NullMarked
package dev.atll.mvcc;
