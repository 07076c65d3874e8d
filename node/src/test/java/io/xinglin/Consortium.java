package io.xinglin;

import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.identity.Identities;
import io.xinglin.identity.Organisation;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.event.EventListener;

/// Two hospitals and a clinic, all on the node under test.
@TestComponent
public class Consortium {
    public static final MemberId CITY = new MemberId("city-first-hospital");
    public static final MemberId RIVER = new MemberId("river-hospital");
    public static final MemberId CLINIC = new MemberId("apricot-clinic");

    /// What the node is told to host.
    public static final List<Organisation> MEMBERS =
            List.of(
                    new Organisation(
                            CITY,
                            new MemberName("市第一医院", "City First Hospital"),
                            Set.of(MemberRole.HOSPITAL)),
                    new Organisation(
                            RIVER,
                            new MemberName("临江医院", "River Hospital"),
                            Set.of(MemberRole.HOSPITAL)),
                    new Organisation(
                            CLINIC,
                            new MemberName("杏林社区诊所", "Apricot Clinic"),
                            Set.of(MemberRole.CLINIC)));

    private final Identities identities;

    Consortium(Identities identities) {
        this.identities = identities;
    }

    @EventListener(ApplicationReadyEvent.class)
    void found() {
        identities.host(MEMBERS);
    }
}
