package io.inmesh.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.inmesh.cli")
final class ArchitectureTest {

  @ArchTest
  static final ArchRule API_KNOWS_NO_COMMAND =
      noClasses()
          .that()
          .resideInAnyPackage("io.inmesh.cli.api", "io.inmesh.cli.terminal")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.inmesh.cli", "io.inmesh.cli.demo", "picocli..");

  @ArchTest
  static final ArchRule TERMINAL_IS_JDK_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.inmesh.cli.terminal")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml..", "io.inmesh.policy..", "org.snakeyaml..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.inmesh.cli.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule TESTS_DO_NOT_SLEEP =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
