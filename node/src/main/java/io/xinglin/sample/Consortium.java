package io.xinglin.sample;

import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.identity.Organisation;
import io.xinglin.platform.CannotStart;
import java.util.List;
import java.util.Set;

/// The organisations of the sample consortium. One node hosts all of them, or each of some nodes a few; none of them exists.
final class Consortium {
    static final MemberId CITY_FIRST = new MemberId("city-first-hospital");
    static final MemberId RIVER = new MemberId("river-hospital");
    static final MemberId APRICOT = new MemberId("apricot-clinic");
    static final MemberId PHARMACY = new MemberId("spring-pharmacy");
    static final MemberId MAKER = new MemberId("evergreen-pharma");
    static final MemberId DISTRIBUTOR = new MemberId("swift-distribution");
    static final MemberId INSURER = new MemberId("harbour-insurance");
    static final MemberId INSTITUTE = new MemberId("grove-institute");
    static final MemberId AUTHORITY = new MemberId("health-authority");

    /// The founder first.
    static final List<Organisation> ORGANISATIONS =
            List.of(
                    organisation(
                            CITY_FIRST.value(),
                            "市第一医院",
                            "City First Hospital",
                            MemberRole.HOSPITAL),
                    organisation(RIVER.value(), "临江医院", "River Hospital", MemberRole.HOSPITAL),
                    organisation(
                            APRICOT.value(),
                            "杏林社区诊所",
                            "Apricot Community Clinic",
                            MemberRole.CLINIC),
                    organisation(PHARMACY.value(), "春和大药房", "Spring Pharmacy", MemberRole.PHARMACY),
                    organisation(
                            MAKER.value(), "常青制药", "Evergreen Pharmaceuticals", MemberRole.MAKER),
                    organisation(
                            DISTRIBUTOR.value(),
                            "捷运医药配送",
                            "Swift Medical Distribution",
                            MemberRole.DISTRIBUTOR),
                    organisation(
                            INSURER.value(),
                            "海港健康保险",
                            "Harbour Health Insurance",
                            MemberRole.INSURER),
                    organisation(
                            AUTHORITY.value(),
                            "市卫生监督局",
                            "City Health Authority",
                            MemberRole.REGULATOR),
                    organisation(
                            INSTITUTE.value(),
                            "杏园医学研究所",
                            "Grove Institute of Medicine",
                            MemberRole.RESEARCH_INSTITUTE));

    private Consortium() {}

    /// Those with these ids, in the order of the ids; all of them if none is named.
    static List<Organisation> named(List<String> ids) {
        return ids.isEmpty() ? ORGANISATIONS : ids.stream().map(Consortium::named).toList();
    }

    private static Organisation named(String id) {
        return ORGANISATIONS.stream()
                .filter(it -> it.id().value().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CannotStart(
                                        "The sample has no organisation "
                                                + id
                                                + ". Look at xinglin.sample-members."));
    }

    private static Organisation organisation(String id, String zh, String en, MemberRole role) {
        return new Organisation(new MemberId(id), new MemberName(zh, en), Set.of(role));
    }

    /// Who keeps the record of this Synthea patient: most are the city hospital's. Always the same answer for the same patient.
    static MemberId custodian(String syntheaId) {
        return switch (Integer.parseInt(syntheaId.substring(0, 2), 16) % 7) {
            case 0 -> APRICOT;
            case 4, 6 -> RIVER;
            default -> CITY_FIRST;
        };
    }
}
