package io.inmesh.agent.memory;

import java.lang.reflect.InvocationTargetException;

/** The one method whose type differs between JDKs: it returns an int up to 24 and a long since. */
public final class ArrayBase {

  /** Where an array's elements begin, in bytes; {@code unsafe} is the JDK's internal one. */
  public static int offset(Object unsafe, Class<?> arrayClass) {
    try {
      Object offset =
          unsafe.getClass().getMethod("arrayBaseOffset", Class.class).invoke(unsafe, arrayClass);
      return ((Number) offset).intValue();
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("this JDK's arrays cannot be measured", e);
    }
  }

  private ArrayBase() {}
}
