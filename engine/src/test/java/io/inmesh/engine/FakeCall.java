package io.inmesh.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request to {@code orders:8080}; what it carries is added by {@link #with}. */
final class FakeCall implements RequestView {
  private final String method;
  private final String authority;
  private final String path;
  private final Map<String, List<String>> headers = new LinkedHashMap<>();
  private String source = "";
  private int count;
  private long size;

  private FakeCall(String method, String authority, String path) {
    this.method = method;
    this.authority = authority;
    this.path = path;
  }

  static FakeCall get(String path) {
    return new FakeCall("GET", TestMesh.AUTHORITY, path);
  }

  static FakeCall of(String method, String path) {
    return new FakeCall(method, TestMesh.AUTHORITY, path);
  }

  static FakeCall grpc() {
    return of("POST", "/pkg.Svc/Method").with("content-type", "application/grpc");
  }

  FakeCall at(String otherAuthority) {
    FakeCall call = new FakeCall(method, otherAuthority, path);
    headers.forEach((name, values) -> values.forEach(value -> call.with(name, value)));
    return call;
  }

  FakeCall with(String header, String value) {
    headers.computeIfAbsent(header, h -> new ArrayList<>()).add(value);
    return this;
  }

  FakeCall from(String address) {
    source = address;
    return this;
  }

  /** How many headers it has, and how large its head is. */
  FakeCall sized(int headers, long bytes) {
    count = headers;
    size = bytes;
    return this;
  }

  @Override
  public int headerCount() {
    return count;
  }

  @Override
  public long headSize() {
    return size;
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String sourceAddress() {
    return source;
  }

  @Override
  public List<String> header(String name) {
    return headers.getOrDefault(name, List.of());
  }
}
