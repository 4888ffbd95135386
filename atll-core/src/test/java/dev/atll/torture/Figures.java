package dev.atll.torture;

/** What a run of histories did and found. */
final class Figures {
  long histories;
  long operations;

  /** Places in a history where it was cut. */
  long crashPoints;

  /** Images opened, those of second crashes and of crashes inside recovery included. */
  long images;

  long kills;
  long secondCrashes;
  long recoveryCrashes;

  /** Images that had more than was promised: writes under way, or not yet due to be durable. */
  long unpromisedKept;

  /** Images in which something that was not promised was in fact gone. */
  long unpromisedLost;

  long lost;
  long holes;
  long refused;
  long wrong;

  long failures() {
    return lost + holes + refused + wrong;
  }

  @Override
  public String toString() {
    return ("%,d histories, %,d operations, %,d crash points, %,d images (%,d kills, %,d second"
            + " crashes, %,d crashes inside recovery; %,d kept more than promised, %,d lost what was"
            + " not): %d lost, %d holes, %d refused, %d wrong")
        .formatted(
            histories,
            operations,
            crashPoints,
            images,
            kills,
            secondCrashes,
            recoveryCrashes,
            unpromisedKept,
            unpromisedLost,
            lost,
            holes,
            refused,
            wrong);
  }
}
