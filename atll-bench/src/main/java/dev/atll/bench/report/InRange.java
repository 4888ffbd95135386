package dev.atll.bench.report;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values that a number on the command line may have, checked for all commands in one place
 * before any of them runs. Every option that is a number, or a list of numbers, has
 * one. NaN is never allowed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface InRange {
  /** The most operations, keys or seconds that anybody could mean: 2^40. */
  double MANY = 1L << 40;

  /** Every long. */
  double ANY = 9.3e18;

  /** About ten years in seconds: what all conversions to nanoseconds can hold. */
  double SECONDS = 3e8;

  /** The least value. */
  double min() default 0;

  /** The largest value. */
  double max();

  /** Whether the least value itself is not allowed. */
  boolean above() default false;
}
