/**
 * The picture the dashboard shows, as a fold over events: {@link
 * dev.atll.viz.model.DashboardState#apply} takes one event after the other, the writers give the
 * whole picture or what changed in it as JSON.
 *
 * <p>Nothing here knows an engine, a thread or a socket; times are the events' own.
 */
@NullMarked
package dev.atll.viz.model;

import org.jspecify.annotations.NullMarked;
