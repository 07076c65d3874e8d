package io.xinglin.explorer;

import io.xinglin.ledger.Ledger;
import io.xinglin.web.Words;
import java.time.ZoneId;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/// Tells in any language.
@Component
class Tellings {
    private final MessageSource messages;
    private final Ledger ledger;

    Tellings(MessageSource messages, Ledger ledger) {
        this.messages = messages;
        this.ledger = ledger;
    }

    Telling in(Locale locale) {
        return new Telling(new Words(messages, locale, ZoneId.systemDefault()), ledger);
    }
}
