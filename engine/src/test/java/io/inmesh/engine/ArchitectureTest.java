package io.inmesh.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** The engine is pure: only what is listed here may come in. */
@AnalyzeClasses(packages = "io.inmesh.engine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] PURE_JDK = {
    "java.lang",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.nio.charset",
    "java.time",
    "java.util",
    "java.util.concurrent.atomic",
    "java.util.function",
    "java.util.stream",
    "java.util.random",
    "org.jspecify.annotations"
  };

  @ArchTest
  static final ArchRule MODEL_USES_THE_JDK_ONLY =
      classes()
          .that()
          .resideInAPackage("io.inmesh.engine.model")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(and("io.inmesh.engine.model", "com.google.re2j"));

  @ArchTest
  static final ArchRule ROUTE_USES_THE_MODEL =
      classes()
          .that()
          .resideInAPackage("io.inmesh.engine.route")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              and("io.inmesh.engine.route", "io.inmesh.engine.model", "com.google.re2j"));

  @ArchTest
  static final ArchRule RESILIENCE_USES_THE_MODEL =
      classes()
          .that()
          .resideInAPackage("io.inmesh.engine.resilience")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(and("io.inmesh.engine.resilience", "io.inmesh.engine.model"));

  @ArchTest
  static final ArchRule BALANCE_USES_THE_MODEL_AND_RESILIENCE =
      classes()
          .that()
          .resideInAPackage("io.inmesh.engine.balance")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              and(
                  "io.inmesh.engine.balance",
                  "io.inmesh.engine.resilience",
                  "io.inmesh.engine.model"));

  @ArchTest
  static final ArchRule PIPELINE_USES_ITS_SUBPACKAGES =
      classes()
          .that()
          .resideInAPackage("io.inmesh.engine")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(and("io.inmesh.engine.."));

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.inmesh.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CLOCK_THREAD_OR_CHANCE_OF_ITS_OWN =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class, ThreadLocal.class, Runtime.class, Process.class)
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .accessClassesThat()
          .belongToAnyOf(java.util.Random.class, java.util.Timer.class, java.time.Clock.class)
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(java.util.random.RandomGenerator.class, "getDefault")
          .orShould()
          .callMethod(java.util.UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule NO_OUTPUT =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  private static String[] and(String... ours) {
    String[] all = Arrays.copyOf(ours, ours.length + PURE_JDK.length);
    System.arraycopy(PURE_JDK, 0, all, ours.length, PURE_JDK.length);
    return all;
  }
}
