package dev.atll.bench.replay;

import dev.atll.observe.event.DecisionEvent;
import dev.atll.observe.event.VizEvent;
import dev.atll.replay.Look;
import dev.atll.replay.LookDecoder;
import dev.atll.replay.RegretBook;

/** Follows the slots of a recording and measures regret. Not thread-safe. */
public final class RegretReplay {
  private final RegretBook book = new RegretBook();
  private final LookDecoder decoder = new LookDecoder();
  private long lastLookId;

  /** Takes the next event of the recording. */
  public void accept(VizEvent event) {
    if (!(event instanceof DecisionEvent.Looked looked)) {
      return; // looks tell all that is needed
    }
    Look look = decoder.decode(looked);
    if (look == null || looked.lookId() <= lastLookId) {
      book.end();
    }
    lastLookId = looked.lookId();
    if (look != null) {
      book.look(look);
    }
  }

  /** Ends what is under way; what came out. */
  public RegretBook end() {
    book.end();
    return book;
  }
}
