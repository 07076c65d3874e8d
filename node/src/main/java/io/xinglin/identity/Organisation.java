package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import java.util.List;

/// An organisation that this node hosts, or is about to.
///
/// @param zh its name in Chinese
/// @param en its name in English
/// @param roles what it does in the consortium: `hospital`, `clinic`, `pharmacy`, `regulator`…
public record Organisation(MemberId id, String zh, String en, List<String> roles) {
    public Organisation {
        roles = List.copyOf(roles);
        if (zh.isBlank() || en.isBlank()) {
            throw new IllegalArgumentException("an organisation has a name in both languages");
        }
    }
}
