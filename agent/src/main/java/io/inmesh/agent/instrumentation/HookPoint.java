package io.inmesh.agent.instrumentation;

/**
 * One method that is advised.
 *
 * @param className the class, as {@code java.net.ServerSocket}
 * @param method the method's name
 * @param descriptor the method's descriptor, as {@code (Ljava/net/SocketAddress;I)V}
 * @param advice a class with Byte Buddy advice methods, inlined into the method
 */
public record HookPoint(String className, String method, String descriptor, Class<?> advice) {}
