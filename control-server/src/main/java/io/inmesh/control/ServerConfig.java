package io.inmesh.control;

import java.nio.file.Path;

/**
 * What an operator can say about a control server.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 = any free one
 * @param data the directory of the store
 */
public record ServerConfig(String host, int port, Path data) {}
