package io.xinglin.fsck;

/// Where a [Check] says what it saw.
public interface Report {
    /// So many more items were looked at.
    void checked(long items);

    /// Something stored is not what was proved.
    ///
    /// @param where what exactly: `city-first-hospital Observation/17/_history/2`, `log city-first-hospital tile 0/x001/067`
    /// @param what what is wrong with it, in one sentence without personal data
    void finding(String where, String what);
}
