package io.xinglin.web;

import io.xinglin.contracts.MemberId;
import java.time.Instant;
import java.util.*;
import org.springframework.stereotype.Component;

/// Gathers what the first page shows.
@Component
class Overview {
    Snapshot snapshot() {
        var now = Instant.now();
        var ms = new ArrayList<Snapshot.Organisation>();
        String[][] d = {
            {"city-first-hospital", "市第一医院", "City First Hospital", "hospital"},
            {"river-hospital", "临江医院", "River Hospital", "hospital"},
            {"apricot-clinic", "杏林社区诊所", "Apricot Community Clinic", "clinic"},
            {"spring-pharmacy", "春和大药房", "Spring Pharmacy", "pharmacy"},
            {"evergreen-pharma", "常青制药", "Evergreen Pharmaceuticals", "maker"},
            {"swift-distribution", "捷运医药配送", "Swift Medical Distribution", "distributor"},
            {"harbour-insurance", "海港健康保险", "Harbour Health Insurance", "insurer"},
            {"health-authority", "卫生监督局", "Health Authority", "regulator"},
            {"grove-institute", "杏园医学研究所", "Grove Institute of Medicine", "research-institute"}
        };
        long n = 4599;
        for (var m : d) {
            ms.add(
                    new Snapshot.Organisation(
                            new MemberId(m[0]),
                            m[1],
                            m[2],
                            m[0].startsWith("apr") ? List.of("clinic", "pharmacy") : List.of(m[3]),
                            "http://localhost:8080/fhir/" + m[0],
                            "http://localhost:8080/log/" + m[0],
                            Optional.of(
                                    new Snapshot.Log(
                                            n,
                                            n == 0
                                                    ? Optional.empty()
                                                    : Optional.of(now.minusSeconds(n % 97))))));
            n /= 7;
        }
        return new Snapshot(
                now,
                128,
                ms,
                List.of(
                        new Snapshot.Block(
                                127,
                                now.minusSeconds(2),
                                new TreeMap<>(Map.of("anchor.checkpoint", 2)),
                                0),
                        new Snapshot.Block(
                                126,
                                now.minusSeconds(75),
                                new TreeMap<>(Map.of("consent.grant", 1, "anchor.checkpoint", 3)),
                                1),
                        new Snapshot.Block(
                                1,
                                now.minusSeconds(7500),
                                new TreeMap<>(Map.of("membership.join", 9)),
                                0),
                        new Snapshot.Block(
                                0,
                                now.minusSeconds(7501),
                                new TreeMap<>(Map.of("membership.found", 1)),
                                0)));
    }
}
