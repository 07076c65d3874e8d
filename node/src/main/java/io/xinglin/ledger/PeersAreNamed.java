package io.xinglin.ledger;

import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// Whether the operator named peers, in one line or as a list. A node that overlooked them would order alone what the members order.
final class PeersAreNamed implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !Binder.get(context.getEnvironment())
                .bind("xinglin.fabric.peers", Bindable.listOf(String.class))
                .orElse(List.of())
                .isEmpty();
    }
}
