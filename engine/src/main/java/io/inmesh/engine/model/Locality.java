package io.inmesh.engine.model;

/** Where an endpoint or a caller is; parts that are not known are empty. */
public record Locality(String region, String zone, String subzone) {
  public static final Locality UNKNOWN = new Locality("", "", "");
}
