package io.inmesh.xds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.inmesh.xds",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.NotGenerated.class})
class ArchitectureTest {
  static final class NotGenerated implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/wire/");
    }
  }

  @ArchTest
  static final ArchRule XDS_IS_PURE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.inmesh.xds",
              "io.inmesh.xds.wire",
              "io.inmesh.engine.model",
              "io.inmesh.shaded..",
              "java.io",
              "java.lang..",
              "java.time",
              "java.util..",
              "com.google.re2j",
              "org.jspecify.annotations");
}
