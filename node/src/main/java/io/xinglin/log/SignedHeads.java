package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// What each log of this node signed last, since the node started: told by the sequencer, which waits for nobody.
@Component
class SignedHeads {
    private final Map<MemberId, SignedHead> heads = new ConcurrentHashMap<>();

    void put(MemberId organisation, SignedHead head) {
        heads.put(organisation, head);
    }

    Optional<SignedHead> of(MemberId organisation) {
        return Optional.ofNullable(heads.get(organisation));
    }
}
