package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Bundles.Result;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// Answers the GET and HEAD entries of a bundle: reads, searches and histories, decided and recorded like any other.
@Component
class EntryReads {
    private final Reader reader;
    private final Searches searches;
    private final Histories histories;
    private final String base;

    EntryReads(Reader reader, Searches searches, Histories histories, NodeProperties node) {
        this.reader = reader;
        this.searches = searches;
        this.histories = histories;
        this.base = node.url() + "/fhir/";
    }

    /// @throws ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException if it is refused, or there is nothing
    Result.Read answer(MemberId custodian, Caller caller, Ask.Get get) {
        var address = base + custodian;
        var url = References.relative(get.url(), address + "/").replaceFirst("^/", "");
        var mark = url.indexOf('?');
        var parts = (mark < 0 ? url : url.substring(0, mark)).split("/", -1);
        var parameters = parameters(get, mark < 0 ? "" : url.substring(mark + 1));
        if (parts.length == 1 && parts[0].equals("_history")) {
            var query = HistoryQuery.parse(parameters);
            var found = found(get, histories.of(caller, custodian, Optional.empty(), query));
            return Result.Read.bundle(
                    Bundles.history(address, address + "/_history", false, query, found));
        }
        var type = parts[0];
        if (R4.type(type).isEmpty()) {
            throw Outcomes.invalid(get.says("asks for no R4 resource type: '" + type + "'."));
        }
        if (parts.length == 1) {
            return Result.Read.bundle(searches.answer(custodian, caller, type, parameters, false));
        }
        if (parts.length == 2 && parts[1].equals("_history")) {
            var query = HistoryQuery.parse(parameters);
            var found = found(get, histories.of(caller, custodian, Optional.of(type), query));
            return Result.Read.bundle(
                    Bundles.history(
                            address, address + "/" + type + "/_history", false, query, found));
        }
        if (!ResourceId.isId(parts[1])) {
            throw notUnderstood(get);
        }
        return ofOne(caller, get, new ResourceId(custodian, type, parts[1]), parts, parameters);
    }

    private Result.Read ofOne(
            Caller caller,
            Ask.Get get,
            ResourceId id,
            String[] parts,
            Map<String, List<String>> parameters) {
        if (parts.length == 3 && parts[2].equals("_history")) {
            var query = HistoryQuery.parse(parameters);
            var found = found(get, histories.of(caller, id, query));
            var address = base + id.custodian();
            return Result.Read.bundle(
                    Bundles.history(
                            address,
                            address + "/" + id.reference() + "/_history",
                            true,
                            query,
                            found));
        }
        parameters
                .keySet()
                .forEach(
                        name -> {
                            throw Outcomes.unsupported(
                                    get.says("reads with '" + name + "', which is not supported."));
                        });
        if (parts.length == 2) {
            return read(get, found(get, reader.read(caller, id)).version());
        }
        if (parts.length == 4 && parts[2].equals("_history") && parts[3].matches("[1-9]\\d{0,8}")) {
            var version = id.version(Integer.parseInt(parts[3]));
            return read(get, found(get, reader.read(caller, version)).version());
        }
        throw notUnderstood(get);
    }

    private static Result.Read read(Ask.Get get, Version version) {
        if (version.isDeletion()) {
            throw Outcomes.gone(version.id().resource().reference() + " is deleted.");
        }
        var isKnown =
                get.ifNoneMatch()
                        .filter(tags -> Etags.isAmong(version.id().number(), tags))
                        .isPresent();
        return new Result.Read(
                isKnown,
                isKnown || !get.withBody() ? new byte[0] : version.json(),
                Optional.of(version.id()),
                Optional.of(version.written()));
    }

    private static <T> T found(Ask.Get get, Reader.Answer<T> answer) {
        return switch (answer) {
            case Reader.Answer.Found<T>(var what) -> what;
            case Reader.Answer.Refused<T>() -> throw Outcomes.refused();
            case Reader.Answer.Missing<T>() ->
                    throw Outcomes.notFound(get.says("asks for what is not known here."));
        };
    }

    private static RuntimeException notUnderstood(Ask.Get get) {
        return Outcomes.invalid(get.says("has an address that is not understood."));
    }

    private static Map<String, List<String>> parameters(Ask.Get get, String query) {
        var parameters = new TreeMap<String, List<String>>();
        for (var part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            var equals = part.indexOf('=');
            if (equals < 1) {
                throw Outcomes.invalid(get.says("has a parameter without a value."));
            }
            parameters
                    .computeIfAbsent(decode(get, part.substring(0, equals)), _ -> new ArrayList<>())
                    .add(decode(get, part.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decode(Ask.Get get, String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Outcomes.invalid(get.says("is not URL-encoded properly."));
        }
    }
}
