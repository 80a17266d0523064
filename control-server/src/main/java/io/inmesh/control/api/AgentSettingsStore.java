package io.inmesh.control.api;

import io.inmesh.control.store.Store;

/**
 * What operators set for single agents, durable by the agent's name.
 *
 * <p>Any thread; a change returns when it is durable.
 */
public final class AgentSettingsStore {
  /** What the keys of settings in the store begin with; the rest is the agent's name. */
  public static final String PREFIX = "/inmesh/settings/agents/";

  private final Store store;

  public AgentSettingsStore(Store store) {
    this.store = store;
  }

  boolean has(String agent) {
    return store.get(PREFIX + agent).isPresent();
  }

  /** Whether an agent is to let every call pass. */
  public boolean inert(String agent) {
    return store.get(PREFIX + agent).map(AgentSettingsStore::inert).orElse(false);
  }

  /** Reads a stored setting. */
  public static boolean inert(Store.Entry entry) {
    return Json.stored(entry.value()).path("inert").asBoolean();
  }

  void setInert(String agent, boolean inert) {
    byte[] value = Json.bytes(Json.object().put("inert", inert));
    while (true) {
      long expected = store.get(PREFIX + agent).map(Store.Entry::modRevision).orElse(Store.ABSENT);
      if (PolicyStore.await(store.put(PREFIX + agent, value, expected))
          instanceof Store.WriteResult.Written) {
        return;
      }
    }
  }
}
