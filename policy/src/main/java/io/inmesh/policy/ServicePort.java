package io.inmesh.policy;

/**
 * A port of a service.
 *
 * @param number what clients call, 1 to 65535
 * @param protocol in upper case, one that carries HTTP; "" when none is given
 * @param targetPort where endpoints listen unless they say otherwise by the port's name; equal to
 *     {@code number} when none is given
 */
public record ServicePort(int number, String name, String protocol, int targetPort) {}
