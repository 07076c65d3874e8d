package io.xinglin.web;

import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/// Explains the type of a problem to the person who follows its address.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9457#section-3.1.1 RFC 9457, section 3.1.1
@Controller
class ProblemPage {
    private final MessageSource messages;

    ProblemPage(MessageSource messages) {
        this.messages = messages;
    }

    @GetMapping("/problems/{slug:[a-z-]{1,40}}")
    String problem(@PathVariable String slug, Model model, Locale locale) {
        if (messages.getMessage("problem." + slug + ".title", null, null, locale) == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        model.addAttribute("slug", slug);
        return "problem";
    }
}
