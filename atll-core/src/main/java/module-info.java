/**
 * The engine. Programs see the front door, the vocabulary and what a policy of their own is written
 * against; everything else may change from one version to the next.
 */
module dev.atll.core {
  requires transitive dev.atll.observe;
  requires static transitive org.jspecify;
  // com.sun.management, which alone tells the memory of a container and the open descriptors.
  requires jdk.management;

  exports dev.atll;
  exports dev.atll.api;
  exports dev.atll.kernel;
  exports dev.atll.policy;

  uses dev.atll.base.DecisionNames;
  uses dev.atll.policy.PolicyProvider;
  uses dev.atll.schedule.DecisionLog.Provider;

  provides dev.atll.base.DecisionNames with
      dev.atll.policy.names.KnownNames;
}
