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
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/// HTTP to the nodes of other members: encrypted, no redirects, no cookies, bounded time, and no addresses that no member can have.
///
/// Names are resolved and checked in one step, so that a name cannot mean one address when it is checked and another when it is used.
@Component
public class PeerHttp {
    private static final int ROUTE_CONNECTIONS_MAX = 64;
    private static final int CONNECTIONS_MAX = 4096;

    /// Unique-local and site-local addresses of IPv6 and the shared ones of providers: some clouds keep secrets there too.
    private static final InetAddressFilter UNLISTED =
            InetAddressFilter.of("fc00::/7", "fec0::/10", "100.64.0.0/10");

    private final InetAddressFilter encrypted;
    private final InetAddressFilter unencrypted;

    /// @param addresses where members' nodes may be, as CIDR ranges; empty for anywhere but private networks of IPv6 and of providers
    /// @param unencrypted where they may be asked by plain http besides this machine, as CIDR ranges
    public PeerHttp(
            @Value("${xinglin.exchange.addresses:}") List<String> addresses,
            @Value("${xinglin.exchange.unencrypted:}") List<String> unencrypted) {
        this.encrypted =
                InetAddressFilter.adapt(PeerHttp::canBeANode)
                        .and(addresses.isEmpty() ? UNLISTED.negate() : of(addresses));
        this.unencrypted =
                encrypted.and(
                        InetAddressFilter.adapt(InetAddress::isLoopbackAddress)
                                .or(of(unencrypted)));
    }

    private static InetAddressFilter of(List<String> ranges) {
        return InetAddressFilter.of(ranges.toArray(String[]::new));
    }

    /// A client with connections of its own. Whoever reads an answer bounds its size.
    public RestClient client(Duration connect, Duration read) {
        var https = requests(connect, read, encrypted);
        var http = requests(connect, read, unencrypted);
        return RestClient.builder()
                .requestFactory(
                        (uri, method) ->
                                ("https".equals(uri.getScheme()) ? https : http)
                                        .createRequest(uri, method))
                .build();
    }

    private static ClientHttpRequestFactory requests(
            Duration connect, Duration read, InetAddressFilter addresses) {
        var settings =
                HttpClientSettings.defaults()
                        .withRedirects(HttpRedirects.DONT_FOLLOW)
                        .withCookieHandling(HttpCookieHandling.DISABLE)
                        .withTimeouts(connect, read)
                        .withInetAddressFilter(addresses);
        return ClientHttpRequestFactoryBuilder.httpComponents()
                .withConnectionManagerCustomizer(
                        pool ->
                                pool.setMaxConnPerRoute(ROUTE_CONNECTIONS_MAX)
                                        .setMaxConnTotal(CONNECTIONS_MAX))
                .build(settings);
    }

    /// Link-local addresses are where clouds keep the secrets of a machine.
    private static boolean canBeANode(InetAddress address) {
        return !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress();
    }
}
