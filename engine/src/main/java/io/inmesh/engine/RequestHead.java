package io.inmesh.engine;

/**
 * What is sent to an endpoint in place of what the application wrote.
 *
 * @param path path and query
 * @param authority what Host says
 */
public record RequestHead(String path, String authority, HeaderEdits edits) {}
