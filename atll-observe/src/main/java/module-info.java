/**
 * Events and meters: what a store tells, and how to listen. The adapters to recordings, JFR, Micrometer
 * and OpenTelemetry are compiled here too, but lie in a jar of their own, which has no descriptor.
 */
@SuppressWarnings("requires-automatic") // neither has a descriptor, and both are optional
module dev.atll.observe {
  requires static transitive org.jspecify;
  requires org.jctools.core.jdk11;
  requires static jdk.jfr;
  requires static micrometer.core;
  requires static io.opentelemetry.api;
  requires static io.opentelemetry.context;

  exports dev.atll.observe;
  exports dev.atll.observe.event;
}
