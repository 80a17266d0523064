package io.inmesh.control.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FarewellsTest {
  private final Farewells farewells = new Farewells();
  private final List<String> said = new ArrayList<>();

  @Test
  void farewell_waitsForTheStateWithoutTheAgentAndForAllThatWereSentIt() {
    farewells.add(() -> said.add("a"));
    farewells.caughtUp("x");
    assertThat(said).as("nothing was sent yet").isEmpty();

    farewells.sent(List.of("x", "y"));
    farewells.caughtUp("x");
    assertThat(said).as("y has not answered").isEmpty();

    farewells.sent(List.of("z"));
    farewells.caughtUp("y");
    assertThat(said).as("z was sent a later state").containsExactly("a");
  }

  @Test
  void farewell_nobodyToWaitFor_isSaidWithTheNextState() {
    farewells.add(() -> said.add("a"));
    farewells.sent(List.of());

    assertThat(said).containsExactly("a");
  }

  @Test
  void farewell_givenUp_isSaidOnce() {
    Runnable giveUp = farewells.add(() -> said.add("a"));
    farewells.sent(List.of("x"));
    giveUp.run();
    giveUp.run();
    farewells.caughtUp("x");

    assertThat(said).containsExactly("a");
  }
}
