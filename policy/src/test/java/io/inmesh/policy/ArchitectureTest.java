package io.inmesh.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.inmesh.policy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule POLICY_IS_PURE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.inmesh.policy",
              "io.inmesh.policy.analysis",
              "java.lang..",
              "java.math",
              "java.nio",
              "java.nio.charset",
              "java.time..",
              "java.util..",
              "com.fasterxml.jackson.databind..",
              "com.google.re2j",
              "org.jspecify.annotations",
              "org.snakeyaml.engine..");
}
