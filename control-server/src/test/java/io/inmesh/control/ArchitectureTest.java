package io.inmesh.control;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom, as each package-info says. */
@AnalyzeClasses(
    packages = "io.inmesh.control",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.inmesh.control";

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule storeStandsAlone =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".api",
              ROOT + ".registry",
              ROOT + ".compile",
              ROOT + ".push",
              "io.inmesh.policy..",
              "io.inmesh.xds..",
              "com.linecorp..",
              "io.grpc..");

  @ArchTest
  static final ArchRule onlyTheStoreKnowsSqlite =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.sqlite..", "java.sql..");

  @ArchTest
  static final ArchRule registryKnowsPolicyOnly =
      classes()
          .that()
          .resideInAPackage(ROOT + ".registry")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(ROOT + ".registry", "io.inmesh.policy", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule compilerIsPure =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".compile")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".store",
              ROOT + ".api",
              ROOT + ".push",
              "java.io..",
              "java.nio..",
              "java.util.concurrent..",
              "com.linecorp..",
              "io.grpc..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule restKnowsNoXds =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".api")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".compile",
              ROOT + ".push",
              "io.inmesh.xds..",
              "io.inmesh.shaded..",
              "io.grpc..");

  @ArchTest
  static final ArchRule nobodyKnowsTheRoot =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT);

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);
}
