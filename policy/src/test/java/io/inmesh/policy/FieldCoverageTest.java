package io.inmesh.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every field that Istio has is known, and stands in {@code docs/policy.md}. */
class FieldCoverageTest {

  private static final Path PAGE = Path.of("../docs/policy.md");

  /** Where an object of Istio's stands: {@code @} is replaced by one of its fields. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VirtualService|{@}|hosts gateways http tls tcp exportTo",
        "VirtualService|{http: [{@}]}|name match route redirect directResponse delegate rewrite"
            + " timeout retries fault mirror mirrors mirrorPercent mirrorPercentage corsPolicy"
            + " headers",
        "VirtualService|{http: [{match: [{@}]}]}|name uri scheme method authority headers port"
            + " sourceLabels gateways queryParams ignoreUriCase withoutHeaders sourceNamespace"
            + " statPrefix",
        "VirtualService|{http: [{match: [{uri: {@}}]}]}|exact prefix regex",
        "VirtualService|{http: [{route: [{@}]}]}|destination weight headers",
        "VirtualService|{http: [{route: [{destination: {@}}]}]}|host subset port",
        "VirtualService|{http: [{route: [{destination: {port: {@}}}]}]}|number",
        "DestinationRule|{@}|host trafficPolicy subsets exportTo workloadSelector",
        "DestinationRule|{subsets: [{@}]}|name labels trafficPolicy",
        "DestinationRule|{trafficPolicy: {@}}|loadBalancer connectionPool outlierDetection tls"
            + " portLevelSettings tunnel proxyProtocol retryBudget",
        "DestinationRule|{trafficPolicy: {loadBalancer: {@}}}|simple consistentHash"
            + " localityLbSetting zoneAwareLbSetting warmup warmupDurationSecs",
        "DestinationRule|{trafficPolicy: {connectionPool: {@}}}|tcp http",
        "DestinationRule|{trafficPolicy: {connectionPool: {tcp: {@}}}}|maxConnections"
            + " connectTimeout tcpKeepalive maxConnectionDuration idleTimeout",
        "DestinationRule|{trafficPolicy: {connectionPool: {http: {@}}}}|http1MaxPendingRequests"
            + " http2MaxRequests maxRequestsPerConnection maxRetries idleTimeout h2UpgradePolicy"
            + " useClientProtocol maxConcurrentStreams http2KeepAlive",
        "VirtualService|{http: [{redirect: {@}}]}|uri authority port derivePort scheme"
            + " redirectCode",
        "VirtualService|{http: [{directResponse: {@}}]}|status body",
        "VirtualService|{http: [{directResponse: {body: {@}}}]}|string bytes",
        "VirtualService|{http: [{delegate: {@}}]}|name namespace",
        "VirtualService|{http: [{rewrite: {@}}]}|uri authority uriRegexRewrite",
        "VirtualService|{http: [{rewrite: {uriRegexRewrite: {@}}}]}|match rewrite",
        "VirtualService|{http: [{retries: {@}}]}|attempts perTryTimeout retryOn"
            + " retryRemoteLocalities retryIgnorePreviousHosts backoff",
        "VirtualService|{http: [{fault: {@}}]}|delay abort",
        "VirtualService|{http: [{fault: {delay: {@}}}]}|percent percentage fixedDelay"
            + " exponentialDelay",
        "VirtualService|{http: [{fault: {delay: {percentage: {@}}}}]}|value",
        "VirtualService|{http: [{fault: {abort: {@}}}]}|percentage httpStatus grpcStatus"
            + " http2Error",
        "VirtualService|{http: [{mirrors: [{@}]}]}|destination percentage",
        "VirtualService|{http: [{corsPolicy: {@}}]}|allowOrigin allowOrigins allowMethods"
            + " allowHeaders exposeHeaders maxAge allowCredentials unmatchedPreflights",
        "VirtualService|{http: [{headers: {@}}]}|request response",
        "VirtualService|{http: [{headers: {request: {@}}}]}|set add remove",
        "DestinationRule|{workloadSelector: {@}}|matchLabels",
        "DestinationRule|{trafficPolicy: {loadBalancer: {consistentHash: {@}}}}|httpHeaderName"
            + " httpCookie useSourceIp httpQueryParameterName ringHash maglev minimumRingSize",
        "DestinationRule|{trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {@}}}}}|name"
            + " path ttl attributes",
        "DestinationRule|{trafficPolicy: {loadBalancer: {consistentHash: {httpCookie:"
            + " {attributes: [{@}]}}}}}|name value",
        "DestinationRule|{trafficPolicy: {loadBalancer: {consistentHash: {ringHash:"
            + " {@}}}}}|minimumRingSize",
        "DestinationRule|{trafficPolicy: {loadBalancer: {consistentHash: {maglev:"
            + " {@}}}}}|tableSize",
        "DestinationRule|{trafficPolicy: {loadBalancer: {localityLbSetting: {@}}}}|enabled"
            + " distribute failover failoverPriority",
        "DestinationRule|{trafficPolicy: {loadBalancer: {localityLbSetting: {distribute:"
            + " [{@}]}}}}|from to",
        "DestinationRule|{trafficPolicy: {loadBalancer: {localityLbSetting: {failover:"
            + " [{@}]}}}}|from to",
        "DestinationRule|{trafficPolicy: {loadBalancer: {warmup: {@}}}}|duration minimumPercent"
            + " aggression",
        "DestinationRule|{trafficPolicy: {connectionPool: {tcp: {tcpKeepalive: {@}}}}}|probes time"
            + " interval",
        "DestinationRule|{trafficPolicy: {outlierDetection: {@}}}|consecutiveErrors"
            + " splitExternalLocalOriginErrors consecutiveLocalOriginFailures"
            + " consecutiveGatewayErrors consecutive5xxErrors interval baseEjectionTime"
            + " maxEjectionPercent minHealthPercent outlierDetectionHttpErrorCodes",
        "DestinationRule|{trafficPolicy: {tls: {@}}}|mode clientCertificate privateKey"
            + " caCertificates caCrl credentialName subjectAltNames sni insecureSkipVerify",
        "DestinationRule|{trafficPolicy: {portLevelSettings: [{@}]}}|port loadBalancer"
            + " connectionPool outlierDetection tls",
        "DestinationRule|{trafficPolicy: {retryBudget: {@}}}|percent minRetryConcurrency"
            + " budgetInterval",
        "Sidecar|{@}|workloadSelector ingress egress inboundConnectionPool outboundTrafficPolicy",
        "Sidecar|{workloadSelector: {@}}|labels",
        "Sidecar|{egress: [{@}]}|port bind captureMode hosts",
        "Sidecar|{egress: [{port: {@}}]}|number protocol name targetPort",
        "Sidecar|{outboundTrafficPolicy: {@}}|mode egressProxy",
        "ServiceEntry|{@}|hosts addresses ports location resolution endpoints workloadSelector"
            + " exportTo subjectAltNames",
        "ServiceEntry|{ports: [{@}]}|number name protocol targetPort",
        "ServiceEntry|{workloadSelector: {@}}|labels",
        "ServiceEntry|{endpoints: [{@}]}|address ports labels network locality weight"
            + " serviceAccount",
        "WorkloadEntry|{@}|address ports labels network locality weight serviceAccount"
      })
  void parse_fieldOfIstio_isKnownAndDocumented(String kind, String spec, String fields)
      throws IOException {
    String page = Files.readString(PAGE);
    for (String field : fields.split(" ", -1)) {
      // A one-item list of an object: no field has this type, so that none is accepted by chance.
      ParsedPolicies parsed = parse(kind, spec.replace("@", field + ": [[{}]]"));
      assertThat(parsed.errors())
          .as("%s %s %s", kind, spec, field)
          .isNotEmpty()
          .noneMatch(problem -> problem.message().contains("unknown field"))
          .anyMatch(problem -> problem.path().contains("." + field));
      assertThat(page).as("docs/policy.md names " + field).containsPattern("\\b" + field + "\\b");
    }
    assertThat(parse(kind, spec.replace("@", "noSuchField: 1")).errors())
        .anyMatch(problem -> problem.message().contains("unknown field \"noSuchField\""));
  }

  @Test
  void page_messages_areTheParsers() throws IOException {
    ParsedPolicies parsed =
        PolicyParser.parse(
            "orders.yaml",
            Files.readAllBytes(Path.of("src/test/resources/broken/misspelled-field.yaml")));
    assertThat(Files.readString(PAGE)).contains("    " + parsed.problems().get(0) + "\n");
  }

  private static ParsedPolicies parse(String kind, String spec) {
    return PolicyParser.parse(
        "f",
        "apiVersion: networking.istio.io/v1\nkind: "
            + kind
            + "\nmetadata: {name: a}\nspec: "
            + spec
            + "\n");
  }
}
