package io.inmesh.agent.instrumentation;

/**
 * A field or method that a hook uses besides the methods it advises.
 *
 * @param className the class that declares it
 * @param name its name
 * @param descriptor its descriptor; a method's begins with {@code (}
 */
public record RequiredMember(String className, String name, String descriptor) {}
