package io.xinglin.platform;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/// HTTP to the nodes of other members: no redirects, no cookies, bounded time, and no addresses that no member can have.
///
/// Names are resolved and checked in one step, so that a name cannot mean one address when it is checked and another when it is used.
@Component
public class PeerHttp {
    private static final int CONNECTIONS_MAX = 16;

    private final List<String> addresses;

    /// @param addresses where members' nodes may be, as CIDR ranges; empty for anywhere
    public PeerHttp(@Value("${xinglin.exchange.addresses:}") List<String> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    /// A client with connections of its own. Whoever reads an answer bounds its size.
    public RestClient client(Duration connect, Duration read) {
        var settings =
                HttpClientSettings.defaults()
                        .withRedirects(HttpRedirects.DONT_FOLLOW)
                        .withCookieHandling(HttpCookieHandling.DISABLE)
                        .withTimeouts(connect, read)
                        .withInetAddressFilter(filter());
        return RestClient.builder()
                .requestFactory(
                        ClientHttpRequestFactoryBuilder.httpComponents()
                                .withConnectionManagerCustomizer(
                                        pool ->
                                                pool.setMaxConnPerRoute(CONNECTIONS_MAX)
                                                        .setMaxConnTotal(CONNECTIONS_MAX))
                                .build(settings))
                .build();
    }

    private InetAddressFilter filter() {
        var possible = InetAddressFilter.adapt(PeerHttp::canBeANode);
        return addresses.isEmpty()
                ? possible
                : possible.and(InetAddressFilter.of(addresses.toArray(String[]::new)));
    }

    /// Link-local addresses are where clouds keep the secrets of a machine.
    private static boolean canBeANode(InetAddress address) {
        return !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress();
    }
}
