package dev.atll.observe;

import dev.atll.observe.event.Label;
import dev.atll.observe.event.VizEvent;

/**
 * An event together with who sent it and its place in that sender's order.
 *
 * @param source short name of the sender, such as {@code engine}
 * @param sequence grows with every event of this source, from 1; a jump of more than one tells how
 *     many events were lost nearby
 * @param event what was sent
 */
public record StampedEvent(Label source, long sequence, VizEvent event) {}
