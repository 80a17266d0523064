package io.inmesh.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = {"io.inmesh.agent", "io.inmesh.bootstrap"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule bootstrapSeesTheJdkOnly =
      classes()
          .that()
          .resideInAPackage("io.inmesh.bootstrap..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.inmesh.bootstrap..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule byteBuddyIsSeenByInstrumentationOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.inmesh.agent.instrumentation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("net.bytebuddy..");

  @ArchTest
  static final ArchRule grpcIsSeenByControlOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.inmesh.agent.control..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.grpc..");

  @ArchTest
  static final ArchRule controlAndInstrumentationDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("io.inmesh.agent.control..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.inmesh.agent.instrumentation..");

  @ArchTest
  static final ArchRule instrumentationDoesNotKnowControl =
      noClasses()
          .that()
          .resideInAPackage("io.inmesh.agent.instrumentation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.inmesh.agent.control..");

  @ArchTest
  static final ArchRule librariesDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("io.inmesh.agent.instrumentation.httpurlconnection..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.inmesh.agent.instrumentation.listen..");

  @ArchTest
  static final ArchRule configSeesTheJdkOnly =
      classes()
          .that()
          .resideInAPackage("io.inmesh.agent.config")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.inmesh.agent.config", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule nobodyTouchesTheApplicationsGlobals =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "java.lang.management..", "javax.management..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("javax.net.ssl.SSLContext");
}
