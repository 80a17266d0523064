package io.inmesh.testapps;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URL;
import java.security.Provider;
import java.security.Security;
import java.util.Locale;
import java.util.TimeZone;
import java.util.TreeMap;

/** Prints what is set for the whole process: nothing of it may change because of an agent. */
public final class Globals {
  /** Runs it; arguments: none. */
  public static void main(String[] args) throws Exception {
    new TreeMap<>(System.getProperties())
        .forEach((key, value) -> System.out.println("property " + key + "=" + value));
    for (Provider provider : Security.getProviders()) {
      System.out.println("provider " + provider);
    }
    System.out.println("proxies " + ProxySelector.getDefault().getClass());
    System.out.println("cookies " + CookieHandler.getDefault());
    System.out.println("responses " + ResponseCache.getDefault());
    System.out.println("authenticator " + Authenticator.getDefault());
    System.out.println("handlers " + new URL("http://a/").openConnection().getClass());
    System.out.println("uncaught " + Thread.getDefaultUncaughtExceptionHandler());
    System.out.println("context loader " + name(Thread.currentThread().getContextClassLoader()));
    System.out.println("system loader " + name(ClassLoader.getSystemClassLoader()));
    System.out.println("depth " + new Throwable().getStackTrace().length);
    System.out.println("locale " + Locale.getDefault() + " " + TimeZone.getDefault().getID());
    System.out.println("agent's classes " + visible("io.inmesh.agent.Agent"));
    System.out.println("byte buddy " + visible("net.bytebuddy.ByteBuddy"));
    System.out.println("resources " + Globals.class.getClassLoader().getResource("inst/"));
  }

  private static String name(ClassLoader loader) {
    return loader.getClass().getName();
  }

  private static boolean visible(String className) {
    try {
      Class.forName(className);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private Globals() {}
}
