package io.xinglin.explorer;

/// The beginning of a hash, in groups, so that people can compare two at a glance. The whole hash is always at hand beside it.
final class Fingerprint {
    private static final int GROUP = 4;
    private static final int GROUPS = 3;

    private Fingerprint() {}

    static String of(String hash) {
        var groups = new StringBuilder();
        for (var at = 0; at < GROUP * GROUPS && at + GROUP <= hash.length(); at += GROUP) {
            groups.append(at == 0 ? "" : " ").append(hash, at, at + GROUP);
        }
        return groups.toString();
    }
}
