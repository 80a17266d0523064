package io.inmesh.control.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agents that are connected, or were until a moment ago. Not thread-safe: one thread owns it.
 *
 * <p>An agent is present while its stream lives. When the stream breaks it stays present for a
 * grace, for it may only be reconnecting: its process serves on. An agent that says it is draining,
 * or that ends its stream in order, is out of rotation at once. Nothing is written down: after a
 * restart agents come back by themselves.
 */
public final class AgentRegistry {
  /** How long an agent whose stream broke keeps its endpoints. */
  public static final Duration GRACE = Duration.ofSeconds(5);

  /** How long an agent that is gone is still shown. */
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private static final int MAX_GONE = 1000;

  private final InstantSource clock;
  private final Map<String, Presence> agents = new HashMap<>();

  public AgentRegistry(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether an agent is there. */
  public enum State {
    CONNECTED,
    DRAINING,
    GONE
  }

  /**
   * What is known of an agent.
   *
   * @param stream who its stream is; null when it has none
   * @param lostAt when its stream ended; null while it has one
   */
  public record Presence(
      AgentReport report,
      State state,
      Instant connectedAt,
      @Nullable Object stream,
      @Nullable Instant lostAt) {

    boolean serves(Instant now) {
      return state == State.CONNECTED && (lostAt == null || now.isBefore(lostAt.plus(GRACE)));
    }
  }

  /**
   * An agent reports itself on a stream; the newest stream of an agent is the one that counts.
   *
   * @return whether its endpoints, or anything else that decides about calls, may have changed
   */
  public boolean report(AgentReport report, Object stream) {
    Presence old = agents.get(report.instance());
    agents.put(
        report.instance(),
        new Presence(
            report,
            report.draining() ? State.DRAINING : State.CONNECTED,
            old != null && stream.equals(old.stream()) ? old.connectedAt() : clock.instant(),
            stream,
            null));
    return old == null || old.state() != State.CONNECTED || !sameEndpoints(old.report(), report);
  }

  private static boolean sameEndpoints(AgentReport a, AgentReport b) {
    return a.draining() == b.draining()
        && a.host().equals(b.host())
        && a.namespace().equals(b.namespace())
        && a.address().equals(b.address())
        && a.ports().equals(b.ports())
        && a.labels().equals(b.labels());
  }

  /**
   * A stream ended.
   *
   * @param orderly whether the agent ended it itself
   * @return whether endpoints left at once; if not, {@link #expire} lets them go after the grace
   */
  public boolean streamEnded(String instance, Object stream, boolean orderly) {
    Presence old = agents.get(instance);
    if (old == null || !stream.equals(old.stream())) {
      return false; // it has another stream already
    }
    boolean leaves = orderly || old.state() != State.CONNECTED;
    agents.put(
        instance,
        new Presence(
            old.report(),
            leaves ? State.GONE : State.CONNECTED,
            old.connectedAt(),
            null,
            clock.instant()));
    return leaves;
  }

  /**
   * Lets go of agents whose grace is over; to be called once a second or so.
   *
   * @return whether endpoints left
   */
  public boolean expire() {
    Instant now = clock.instant();
    boolean left = false;
    for (Presence agent : List.copyOf(agents.values())) {
      Instant lost = agent.lostAt();
      if (lost == null) {
        continue;
      }
      if (agent.state() == State.CONNECTED && !agent.serves(now)) {
        left = true;
        agents.put(
            agent.report().instance(),
            new Presence(agent.report(), State.GONE, agent.connectedAt(), null, lost));
      } else if (!now.isBefore(lost.plus(REMEMBERED))) {
        agents.remove(agent.report().instance());
      }
    }
    forgetOldest();
    return left;
  }

  private void forgetOldest() {
    List<Presence> gone =
        agents.values().stream().filter(agent -> agent.state() == State.GONE).toList();
    if (gone.size() > MAX_GONE) {
      gone.stream()
          .sorted(Comparator.comparing(agent -> agent.connectedAt()))
          .limit(gone.size() - MAX_GONE)
          .forEach(agent -> agents.remove(agent.report().instance()));
    }
  }

  /** The agents whose endpoints count now. */
  public List<AgentReport> serving() {
    Instant now = clock.instant();
    List<AgentReport> serving = new ArrayList<>();
    for (Presence agent : agents.values()) {
      if (agent.serves(now)) {
        serving.add(agent.report());
      }
    }
    return serving;
  }

  /** Every agent known, by name. */
  public List<Presence> all() {
    return agents.values().stream()
        .sorted(Comparator.comparing(agent -> agent.report().instance()))
        .toList();
  }

  /** One agent. */
  public Optional<Presence> find(String instance) {
    return Optional.ofNullable(agents.get(instance));
  }
}
