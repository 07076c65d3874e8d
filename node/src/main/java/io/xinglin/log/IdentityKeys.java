package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// The organisations and log keys of this node, as `identity` keeps them.
@Component
class IdentityKeys implements LogKeys {
    private final Identities identities;
    private final Map<MemberId, NoteSigner> signers = new ConcurrentHashMap<>();
    private final Map<MemberId, Cosigner> witnesses = new ConcurrentHashMap<>();

    IdentityKeys(Identities identities) {
        this.identities = identities;
    }

    @Override
    public List<MemberId> hosted() {
        return identities.hosted();
    }

    @Override
    public NoteSigner signer(MemberId organisation) {
        return signers.computeIfAbsent(organisation, identities::logSigner);
    }

    @Override
    public Cosigner witness(MemberId organisation) {
        return witnesses.computeIfAbsent(organisation, identities::witness);
    }
}
