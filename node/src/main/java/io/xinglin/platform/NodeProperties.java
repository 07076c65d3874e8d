package io.xinglin.platform;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What an operator sets for a node.
///
/// @param url where the node is reached from outside, a trailing slash is taken off; FHIR bases, log addresses and token issuers begin with it
/// @param data the directory that holds everything that must survive a restart
/// @param ledger the name of the ledger; a transaction for another one is refused
/// @param founder the thumbprint of the key that may found the ledger from outside; empty: no key may, the node itself founds
/// @param sample whether to set up the sample consortium on an empty node
/// @param sampleRecords whether the sample comes with its patients' records, or with its organisations and staff alone
/// @param sampleMembers which organisations of the sample this node is the home of; empty: all
/// @param founds whether this node founds a ledger that is empty; one that does not waits until it is admitted
/// @param introductions files of the nodes whose organisations are admitted when this node founds the ledger
/// @param readOnly whether to look only: nothing is sequenced, signed, submitted or changed (`fsck` runs so)
/// @param maxBody the largest request body accepted; a larger one is answered with 413
@ConfigurationProperties("xinglin")
public record NodeProperties(
        URI url,
        @DefaultValue(".xinglin") Path data,
        @DefaultValue("xinglin-sample") String ledger,
        @DefaultValue("") String founder,
        @DefaultValue("false") boolean sample,
        @DefaultValue("true") boolean sampleRecords,
        @DefaultValue List<String> sampleMembers,
        @DefaultValue("true") boolean founds,
        @DefaultValue List<Path> introductions,
        @DefaultValue("false") boolean readOnly,
        @DefaultValue("64MB") DataSize maxBody) {
    public NodeProperties {
        sampleMembers = List.copyOf(sampleMembers);
        introductions = List.copyOf(introductions);
        if (url != null && url.toString().endsWith("/")) {
            url = URI.create(url.toString().replaceFirst("/+$", ""));
        }
    }
}
