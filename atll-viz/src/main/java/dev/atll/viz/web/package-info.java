/**
 * The dashboard's web server: a page, a stream of frames and the demonstration's controls, on
 * loopback only.
 *
 * <p>Everything a browser, or something that pretends to be one, may ask for passes {@link
 * dev.atll.viz.web.RequestGuard} first.
 */
@NullMarked
package dev.atll.viz.web;

import org.jspecify.annotations.NullMarked;
