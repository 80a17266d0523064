package io.inmesh.control.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.QueryParams;
import io.inmesh.policy.ParsedPolicies;
import io.inmesh.policy.PolicyParser;
import io.inmesh.policy.PolicyResource;
import io.inmesh.policy.analysis.ResourceRef;
import java.util.List;

/**
 * What {@code POST /inmesh/v1/analyze} asks: how the policy there is would look with these.
 *
 * @param overlay with their namespaces
 */
record AnalysisRequest(List<PolicyResource> overlay) {
  AnalysisRequest {
    overlay = List.copyOf(overlay);
  }

  /** Reads a body that holds sound resources, or nothing. */
  static AnalysisRequest read(byte[] body, QueryParams query) {
    if (body.length == 0) {
      return new AnalysisRequest(List.of());
    }
    ParsedPolicies parsed = PolicyParser.parse("", body);
    if (parsed.hasErrors()) {
      throw ApiException.unreadable(parsed.errors());
    }
    String namespace = query.get("namespace", ResourceRef.DEFAULT_NAMESPACE);
    return new AnalysisRequest(
        parsed.resources().stream()
            .map(each -> each.inNamespace(each.metadata().namespaceOr(namespace)))
            .toList());
  }

  ObjectNode answer(MeshView mesh) {
    ObjectNode list = Json.object();
    ArrayNode items = list.putArray("items");
    mesh.analyze(overlay).forEach(finding -> items.add(finding.json()));
    return list;
  }
}
