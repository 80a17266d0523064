package io.inmesh.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.HttpURLConnection;
import java.net.URLConnection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The golden tour visits what it says it does. */
class TourCoverageTest {
  /** One per JVM and only to be set before the first use of URLs; it makes no connection. */
  private static final Set<String> NOT_VISITED = Set.of("setContentHandlerFactory");

  @Test
  void tour_callsEveryPublicMethodOfHttpUrlConnection() {
    JavaClasses tour = new ClassFileImporter().importPackages("io.inmesh.testapps.tour");
    Set<String> called =
        tour.stream()
            .flatMap(each -> each.getMethodCallsFromSelf().stream())
            .map(call -> call.getTarget())
            .filter(target -> isConnection(target.getOwner().getName()))
            .map(target -> signature(target.getName(), target.getRawParameterTypes().size()))
            .collect(Collectors.toSet());
    tour.stream()
        .flatMap(each -> each.getMethodReferencesFromSelf().stream())
        .map(reference -> reference.getTarget())
        .filter(target -> isConnection(target.getOwner().getName()))
        .map(target -> signature(target.getName(), target.getRawParameterTypes().size()))
        .forEach(called::add);
    Set<String> missing = new TreeSet<>();
    for (Class<?> type : new Class<?>[] {HttpURLConnection.class, URLConnection.class}) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !NOT_VISITED.contains(method.getName())) {
          missing.add(signature(method.getName(), method.getParameterCount()));
        }
      }
    }
    missing.removeAll(called);
    assertThat(missing).isEmpty();
  }

  private static boolean isConnection(String owner) {
    return owner.equals(HttpURLConnection.class.getName())
        || owner.equals(URLConnection.class.getName());
  }

  private static String signature(String name, int parameters) {
    return name + "/" + parameters;
  }
}
