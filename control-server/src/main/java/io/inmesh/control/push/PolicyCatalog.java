package io.inmesh.control.push;

import io.inmesh.control.registry.StoredPolicy;
import io.inmesh.control.store.Store;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stored policy, parsed once per write. Owned by the loop's thread. */
final class PolicyCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyCatalog.class);

  private final Map<String, StoredPolicy> policies = new HashMap<>();

  void put(Store.Entry entry) {
    ParsedPolicies parsed = PolicyParser.parse(entry.key(), entry.value());
    if (parsed.hasErrors() || parsed.resources().size() != 1) {
      // Written by a server that accepted it: say so, go by what is sound.
      LOG.error("stored policy is not understood and does not count: {}", parsed.errors());
      policies.remove(entry.key());
      return;
    }
    policies.put(entry.key(), new StoredPolicy(parsed.resources().get(0), entry.createRevision()));
  }

  void remove(String key) {
    policies.remove(key);
  }

  void clear() {
    policies.clear();
  }

  Collection<StoredPolicy> all() {
    return List.copyOf(policies.values());
  }
}
